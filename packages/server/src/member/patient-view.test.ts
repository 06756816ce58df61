import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../env/testing/manual-clock.ts";
import { EntrySlice } from "../lib/entry-slice.ts";
import { Foreground, nextTurn } from "../mvcc/turn.ts";
import type { FrozenView } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import type { EngineEntry } from "../storage/engine.ts";
import { PatientView } from "./patient-view.ts";

const ENTRIES: readonly EngineEntry[] = [[Buffer.from("key"), Buffer.from("value")]];
const RECORDS = [EntrySlice.of(Buffer.from("key"), Buffer.from("value"))];
const SOME_TURNS = 10;

/** One read of these, which takes a millisecond, as the next one does, which finds nothing more. */
function slowReads<T>(clock: ManualClock, found: readonly T[]): SlowReads<T> {
  let reads = 0;
  return {
    next: () => {
      clock.advance(1);
      return Promise.resolve(reads++ === 0 ? found : []);
    },
    close: () => Promise.resolve(),
  };
}

interface SlowReads<T> {
  next(): Promise<readonly T[]>;
  close(): Promise<void>;
}

function slowView(clock: ManualClock): FrozenView {
  return {
    applied: { index: 1, term: 1, confState: new Uint8Array(0) },
    get: (_bucket, key) => key,
    iterate: () => slowReads(clock, ENTRIES),
    records: () => slowReads(clock, RECORDS),
    close: () => Promise.resolve(),
  };
}

const walks: { what: string; begin: (view: FrozenView) => SlowReads<unknown>; found: unknown }[] = [
  {
    what: "entries",
    begin: (view) => {
      const iterator = view.iterate(buckets.lease);
      return { next: () => iterator.next(10), close: () => iterator.close() };
    },
    found: ENTRIES,
  },
  { what: "records", begin: (view) => view.records(), found: RECORDS },
];

for (const { what, begin, found } of walks) {
  test(`${what} that were read wait for those whose changes are awaited`, async () => {
    const clock = new ManualClock();
    const foreground = new Foreground();
    const walk = begin(new PatientView(slowView(clock), clock, foreground));
    foreground.begin();
    let hasRead = false;
    const read = walk.next().then((entries) => {
      hasRead = true;
      return entries;
    });
    for (let turn = 0; turn < SOME_TURNS; turn++) await nextTurn(clock);
    assert.equal(hasRead, false);
    foreground.end();
    assert.deepEqual(await read, found);
    const rest = walk.next();
    for (let turn = 0; turn < SOME_TURNS; turn++) await nextTurn(clock);
    clock.advance(1);
    assert.deepEqual(await rest, []);
    await walk.close();
  });
}
