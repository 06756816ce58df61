/** The simulator itself: it is deterministic, and its checks find a fault that is put there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runSeed } from "./run-seed.ts";

const SEEDS_MAX = 20;

test("the same seed gives the same run", async () => {
  const first = await runSeed({ seed: 7 });
  const second = await runSeed({ seed: 7 });
  assert.equal(first.violation, undefined);
  assert.equal(second.digest, first.digest);
  assert.ok(first.acknowledged > 0, "a run without an acknowledged write proves nothing");
});

test("different seeds give different runs", async () => {
  const first = await runSeed({ seed: 3 });
  const second = await runSeed({ seed: 4 });
  assert.notEqual(second.digest, first.digest);
});

test("members are stopped in good order too, and start from what they left", async () => {
  const events: string[] = [];
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const { violation } = await runSeed({ seed, print: (line) => events.push(line) });
    assert.equal(violation, undefined);
    if (events.some((line) => line.includes("took the index from its image"))) return;
  }
  assert.fail(`no member took its index from an image in ${SEEDS_MAX} seeds`);
});

test("a member that acknowledges before it has synced is found out", async () => {
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const { violation } = await runSeed({ seed, forgetsWal: true });
    if (violation !== undefined) return;
  }
  assert.fail(`the planted fault was not found in ${SEEDS_MAX} seeds`);
});
