import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { createConfState, type SnapshotMetadata } from "../raft/messages.ts";
import type { Backend } from "../storage/backend.ts";
import { MemoryEngines } from "../storage/memory.ts";
import { openBackend } from "../storage/open-backend.ts";
import { type SimClock, SimTime } from "../testing/sim/sim-clock.ts";
import { decodeApplied, encodeApplied, StateMachine } from "./state-machine.ts";

function appliedAt(index: number): SnapshotMetadata {
  return { index, term: 1, confState: createConfState() };
}

async function openStore(clock: SimClock, latencyMs = (): number => 0): Promise<Backend> {
  const fs = new MemoryFileSystem({ clock, latencyMs });
  const opening = fs.mkdir("store", 0o700).then(() => new MemoryEngines(fs).open("store"));
  return openBackend(await opening);
}

/** Runs simulated time until the promise has settled. */
async function run<T>(time: SimTime, promise: Promise<T>): Promise<T> {
  let settled = false;
  const note = (): void => {
    settled = true;
  };
  promise.then(note, note);
  for (let turn = 0; !settled; turn++) {
    assert.ok(turn < 100, "it never ended");
    await new Promise((resolve) => setImmediate(resolve));
    await time.run(time.nowMs + 1_000, () => settled);
  }
  return promise;
}

test("what an old backend still writes never speaks for the snapshot that replaced it", async () => {
  const time = new SimTime();
  const clock = time.createClock();
  const errors: unknown[] = [];
  const old = await run(
    time,
    openStore(clock, () => 50),
  );
  const state = await run(
    time,
    StateMachine.load({
      backend: old,
      clock,
      leaseTtlSecondsMin: 1,
      onFatal: (error) => errors.push(error),
    }),
  );
  state.setApplied(appliedAt(7));
  const staged = await run(time, openStore(clock));
  await run(
    time,
    staged.checkpoint(() => encodeApplied(appliedAt(100))),
  );

  // One is being written, two more wait for it, when the snapshot takes over.
  const first = state.checkpoint();
  const view = state.freeze();
  const second = state.checkpoint();
  await run(time, state.replace(staged));
  assert.equal(state.applied.index, 100);
  assert.equal(await run(time, first), undefined, "no checkpoint of the new state was made");
  assert.equal(await run(time, second), undefined);
  const { applied } = await run(time, view);
  assert.equal(decodeApplied(applied).index, 7);
  await (await view).close();

  // The old one is closed under a checkpoint that nobody needs any more.
  assert.equal((await run(time, state.checkpoint()))?.index, 100);
  await run(time, old.close());
  assert.deepEqual(errors, []);
});

test("a checkpoint of a backend that was replaced and closed is no failure", async () => {
  const time = new SimTime();
  const clock = time.createClock();
  const [old, staged] = [
    await run(
      time,
      openStore(clock, () => 50),
    ),
    await run(time, openStore(clock)),
  ];
  const options = { backend: old, clock, leaseTtlSecondsMin: 1, onFatal: assert.ifError };
  const state = await run(time, StateMachine.load(options));
  const first = state.freeze().then((view) => view.close());
  const closing = first.then(() => old.close());
  const waiting = state.checkpoint();
  await run(time, state.replace(staged));
  await run(time, Promise.all([closing, waiting]));
  assert.equal(await waiting, undefined);
  await assert.rejects(
    run(
      time,
      old.checkpoint(() => encodeApplied(appliedAt(1))),
    ),
    /closed/,
  );
});
