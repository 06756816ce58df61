/** Steps that belong together and that chance alone would hardly bring about. */
import type { Random } from "../random.ts";
import type { Fields, Value } from "../value.ts";
import type { CallStep, SendStep, Step } from "../programme.ts";
import { call } from "./kv.ts";
import { disarm } from "./cluster.ts";

const STREAM = "w1";
/** More revisions than etcd sends to a late watcher in one response. */
const LONG_HISTORY_REVISIONS = 1_050;

function watch(random: Random, request: Fields): SendStep {
  const options: Fields = {
    ...(random.chance(0.7) ? { fragment: true } : {}),
    ...(random.chance(0.5) ? { prev_kv: true } : {}),
  };
  return { do: "send", stream: STREAM, request: { create_request: { ...request, ...options } } };
}

function puts(times: number, bytes: number): Step {
  const step = call("Put", { key: "c", value: { $repeat: "z", count: bytes } });
  return { do: "repeat", times, step };
}

function longHistory(random: Random): Step[] {
  const start_revision = { $rev: -LONG_HISTORY_REVISIONS - 10 };
  return [puts(LONG_HISTORY_REVISIONS, 1), watch(random, { key: "c", start_revision })];
}

/** Enough bytes for a response in fragments where requests are limited to little. */
function fatHistory(random: Random): Step[] {
  const times = 35 + random.below(20);
  return [puts(times, 15_000), watch(random, { key: "c", start_revision: { $rev: -times } })];
}

function fatTxn(prefix: string): CallStep {
  const value: Value = { $repeat: "y", count: 14_000 };
  return call("Txn", {
    success: Array.from({ length: 100 }, (_, i) => ({
      request_put: { key: `${prefix}${i}`, value },
    })),
  });
}

/** One revision with events too large for one response, if the versions before are wanted. */
function fatDeletion(random: Random): Step[] {
  return [
    fatTxn("m/"),
    fatTxn("n/"),
    watch(random, { key: "m", range_end: "o" }),
    call("DeleteRange", {
      key: "m",
      range_end: "o",
      ...(random.chance(0.5) ? { prev_kv: true } : {}),
    }),
  ];
}

/** A lease with many keys goes: one revision, its events in order of the keys. */
function leaseWithKeys(random: Random): Step[] {
  const ID = 77;
  const count = 5 + random.below(30);
  const keys = random.list(count, () => `l/${random.below(100)}`);
  return [
    call("LeaseGrant", { ID, TTL: 50_000 }),
    ...keys.map((key) => call("Put", { key, value: "l", lease: ID })),
    watch(random, { key: "l/", range_end: "l0" }),
    call("LeaseTimeToLive", { ID, keys: true }),
    ...(random.chance(0.3) ? [{ do: "restart" } as const] : []),
    call("LeaseTimeToLive", { ID, keys: true }),
    call("LeaseRevoke", { ID }),
    call("HashKV", {}),
  ];
}

/** Many watchers of one stream, and the writes that all of them see. */
function crowdOfWatchers(random: Random): Step[] {
  const watchers = random.list(40, () =>
    watch(random, { key: random.pick(["a", "b", "\0"]), range_end: random.pick(["", "c", "\0"]) }),
  );
  return [
    ...watchers,
    call("Put", { key: "a", value: "crowd" }),
    call("DeleteRange", { key: "a", range_end: "c" }),
    { do: "send", stream: STREAM, request: { progress_request: {} } },
    { do: "cancel", stream: STREAM },
    { do: "open", stream: STREAM, path: "/etcdserverpb.Watch/Watch" },
  ];
}

/** A history with holes: keys deleted and made again around the revision that is compacted to. */
function compactedHistory(random: Random): Step[] {
  const back = { $rev: -random.below(8) };
  return [
    call("Put", { key: "h", value: "1" }),
    call("DeleteRange", { key: "h" }),
    call("Put", { key: "h", value: "2" }),
    call("Put", { key: "h", value: "3", prev_kv: true }),
    call("DeleteRange", { key: "h" }),
    call("Compact", { revision: back, physical: true }),
    call("HashKV", {}),
    call("HashKV", { revision: { $compacted: 0 } }),
    call("HashKV", { revision: { $compacted: 1 } }),
    ...random.list(6, (): Step => {
      const revision = { $compacted: random.below(6) - 1 };
      return call("Range", { key: "\0", range_end: "\0", revision });
    }),
    watch(random, { key: "h", start_revision: { $compacted: random.below(4) } }),
    ...(random.chance(0.4) ? [{ do: "restart" } as const, call("HashKV", {})] : []),
  ];
}

export function scene(random: Random): Step[] {
  const steps = random.weighted<() => Step[]>([
    [1, () => longHistory(random)],
    [2, () => fatHistory(random)],
    [1, () => fatDeletion(random)],
    [3, () => leaseWithKeys(random)],
    [2, () => crowdOfWatchers(random)],
    [4, () => compactedHistory(random)],
  ])();
  return [disarm(), { do: "open", stream: STREAM, path: "/etcdserverpb.Watch/Watch" }, ...steps];
}
