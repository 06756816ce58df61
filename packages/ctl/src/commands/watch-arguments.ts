/** What to watch and what to run at each event, from arguments, flags and environment. */
import type { WatchOptions } from "@kvorum/proto/client";
import { quote } from "../go/quote.ts";
import type { FlagValues } from "../grammar/flag-values.ts";
import { type KeyRange, oneKey, rangeOf, withPrefix } from "../key-range.ts";
import { badArguments } from "./arguments.ts";

export interface WatchTarget {
  /** Key and range end. */
  readonly keys: readonly string[];
  /** A command and its arguments; empty for none. */
  readonly command: readonly string[];
}

/** The key that ETCDCTL_WATCH_KEY and _RANGE_END name, if they do. */
export function watchedByEnvironment(env: NodeJS.ProcessEnv): readonly string[] {
  const key = env["ETCDCTL_WATCH_KEY"] ?? "";
  const end = env["ETCDCTL_WATCH_RANGE_END"] ?? "";
  if (key === "" && end !== "") {
    throw badArguments(`ETCDCTL_WATCH_KEY is empty but got ETCDCTL_WATCH_RANGE_END=${quote(end)}`);
  }
  return key === "" ? [] : [key, end].filter((text) => text !== "");
}

/** `dashAt`: how many of `args` came before the `--` that begins the command. */
export function watchTarget(
  args: readonly string[],
  dashAt: number | undefined,
  fromEnvironment: readonly string[],
): WatchTarget {
  const given = dashAt === undefined ? args : args.slice(0, dashAt);
  const command = dashAt === undefined ? [] : args.slice(dashAt);
  if (dashAt !== undefined && command.length === 0) {
    throw badArguments("bad number of arguments (found separator --, but no commands)");
  }
  if (given.length > 0 && fromEnvironment.length > 0) {
    throw badArguments("bad number of arguments (found conflicting environment key)");
  }
  const keys = fromEnvironment.length > 0 ? fromEnvironment : given;
  if (keys.length === 0 && dashAt === undefined) throw badArguments("bad number of arguments");
  return { keys, command };
}

function keyRange([key, end, ...more]: readonly string[], prefix: boolean): KeyRange {
  if (key === undefined) throw badArguments("bad number of arguments");
  if (end === undefined || more.length > 0) return prefix ? withPrefix(key) : oneKey(key);
  if (prefix) throw badArguments("`range_end` and `--prefix` are mutually exclusive");
  return rangeOf(key, end);
}

export function watchOptions(keys: readonly string[], flags: FlagValues): WatchOptions {
  return {
    ...keyRange(keys, flags.bool("prefix")),
    startRevision: flags.number("rev"),
    prevKv: flags.bool("prev-kv"),
    progressNotify: flags.bool("progress-notify"),
    hasLeader: true,
  };
}
