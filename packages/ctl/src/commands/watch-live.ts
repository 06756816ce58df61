/** `watch --live PREFIX`: a table of the keys, which follows their changes. */
import type { CommandContext } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { errorText } from "../error-text.ts";
import { ExitCode } from "../exit-codes.ts";
import { withPrefix } from "../key-range.ts";
import { LiveRows } from "../views/live-rows.ts";
import { badArguments } from "./arguments.ts";

/** Keys that are loaded to begin with; changes of others are shown when they come. */
const KEYS_MAX = 10_000;

const NO_TERMINAL =
  "watch --live needs a terminal, and stdout is none; without --live the events are printed";

export async function watchLive(context: CommandContext): Promise<undefined> {
  const { args, host } = context;
  if (!host.stdoutIsTerminal) throw new CtlError(ExitCode.badFeature, NO_TERMINAL);
  if (args.length > 1) throw badArguments("watch --live takes one prefix");
  const [prefix = ""] = args;
  const { client, call } = await context.session();
  const range = withPrefix(prefix);
  const { kvs, header } = await call((options) =>
    client.kv.range({ ...range, limit: KEYS_MAX }, options),
  );
  const revision = header?.revision ?? 0;
  const rows = new LiveRows();
  rows.load(kvs, revision);
  const watcher = client.watch({ ...range, startRevision: revision + 1, hasLeader: true });
  const { showLiveTable } = await import("../views/show-live-table.tsx");
  const title = prefix === "" ? "all keys" : prefix;
  try {
    const hasKeyboard = host.stdinIsTerminal;
    await showLiveTable({ title, rows, responses: watcher, hasKeyboard });
  } catch (error) {
    throw new CtlError(ExitCode.interrupted, `watch was canceled (${errorText(error)})`, {
      cause: error,
    });
  } finally {
    watcher.cancel();
  }
  return undefined;
}
