import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../env/testing/manual-clock.ts";
import { Foreground, nextTurn } from "../mvcc/turn.ts";
import type { FrozenView } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import type { EngineEntry } from "../storage/engine.ts";
import { PatientView } from "./patient-view.ts";

const ENTRIES: readonly EngineEntry[] = [[Buffer.from("key"), Buffer.from("value")]];
const SOME_TURNS = 10;

/** A view with one read of entries in each bucket, each of which takes a millisecond. */
function slowView(clock: ManualClock): FrozenView {
  return {
    applied: { index: 1, term: 1, confState: new Uint8Array(0) },
    get: (_bucket, key) => key,
    iterate: () => {
      let reads = 0;
      return {
        next: () => {
          clock.advance(1);
          return Promise.resolve(reads++ === 0 ? ENTRIES : []);
        },
        close: () => Promise.resolve(),
      };
    },
    close: () => Promise.resolve(),
  };
}

test("what was read waits for those whose changes are awaited", async () => {
  const clock = new ManualClock();
  const foreground = new Foreground();
  const view = new PatientView(slowView(clock), clock, foreground);
  const iterator = view.iterate(buckets.keyValue);
  foreground.begin();
  let hasRead = false;
  const read = iterator.next(10).then((entries) => {
    hasRead = true;
    return entries;
  });
  for (let turn = 0; turn < SOME_TURNS; turn++) await nextTurn(clock);
  assert.equal(hasRead, false);
  foreground.end();
  assert.deepEqual(await read, ENTRIES);
  const rest = iterator.next(10);
  for (let turn = 0; turn < SOME_TURNS; turn++) await nextTurn(clock);
  clock.advance(1);
  assert.deepEqual(await rest, []);
});
