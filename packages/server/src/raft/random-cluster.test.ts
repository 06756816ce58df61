import assert from "node:assert/strict";
import { test } from "node:test";
import { RandomCluster } from "./testing/random-cluster.ts";

const SEEDS = 25;
const STEPS = 2500;

test("no faults break agreement, and after them the group goes on", () => {
  let applied = 0;
  let reads = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const cluster = new RandomCluster(seed);
    cluster.run(STEPS);
    cluster.heal(100);
    assert.equal(cluster.leaders().length, 1, `seed ${seed}: one leader\n${cluster.describe()}`);
    cluster.proposeAtLeader("after all");
    cluster.heal(20);
    const indexes = new Set(cluster.appliedIndexes());
    assert.equal(indexes.size, 1, `seed ${seed}: all agree\n${cluster.describe()}`);
    applied += cluster.appliedCount;
    reads += cluster.confirmedReads;
  }
  // Faults that stopped everything would let nothing go wrong either.
  assert.ok(applied > SEEDS * 20, `${applied} entries applied`);
  assert.ok(reads > SEEDS, `${reads} reads confirmed`);
});
