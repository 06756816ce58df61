import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonLog } from "../env/json-log.ts";
import { type AutoCompaction, AutoCompactor } from "./auto-compactor.ts";
import type { Proposals } from "./proposals.ts";

const MINUTE_MS = 60_000;

/** Ticks once a minute, one revision a minute; answers the revisions compacted to, by minute. */
async function run(
  compaction: AutoCompaction,
  minutes: number,
  isLeader: (minute: number) => boolean = () => true,
): Promise<[minute: number, revision: number][]> {
  const compacted: [number, number][] = [];
  let minute = 0;
  const submit = ((_kind: string, { revision }: { revision: number }) => {
    compacted.push([minute, revision]);
    return Promise.resolve({});
  }) as unknown as Proposals["submit"];
  const log = new JsonLog({ clock: { wallMs: () => 0 }, level: "fatal", write: () => {} });
  const compactor = new AutoCompactor({
    compaction,
    isLeader: () => isLeader(minute),
    currentRevision: () => minute + 1,
    proposals: { submit },
    log,
  });
  for (; minute <= minutes; minute++) {
    compactor.tick(minute * MINUTE_MS);
    await Promise.resolve();
  }
  return compacted;
}

test("periodic keeps one period and compacts once a period", async () => {
  const compacted = await run({ mode: "periodic", periodMs: 10 * MINUTE_MS }, 30);
  assert.deepEqual(compacted, [
    [10, 1],
    [20, 11],
    [30, 21],
  ]);
});

test("a period of more than an hour is kept whole, and compacted hourly", async () => {
  const compacted = await run({ mode: "periodic", periodMs: 120 * MINUTE_MS }, 240);
  assert.deepEqual(compacted, [
    [120, 1],
    [180, 61],
    [240, 121],
  ]);
});

test("revision keeps so many revisions, looked at every five minutes", async () => {
  const compacted = await run({ mode: "revision", revisions: 7 }, 15);
  assert.deepEqual(compacted, [
    [10, 4],
    [15, 9],
  ]);
});

test("only the leader compacts, and off means off", async () => {
  const followed = await run({ mode: "periodic", periodMs: 10 * MINUTE_MS }, 30, () => false);
  assert.deepEqual(followed, []);
  assert.deepEqual(await run({ mode: "off" }, 30), []);
});
