import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readOrder } from "./read-order.ts";

const pause = (): Promise<void> => Promise.resolve();

test("positions come in the order of their revisions, equal ones as they were", async () => {
  const revision = fc.oneof(fc.nat({ max: 5000 }), fc.maxSafeNat());
  await fc.assert(
    fc.asyncProperty(fc.array(revision, { maxLength: 300 }), fc.nat(10), async (mains, skip) => {
      const positions = mains.map((_main, at) => at).filter((at) => at % 11 !== skip);
      const order = await readOrder(positions, mains, pause);
      const expected = positions.toSorted((a, b) => mains[a]! - mains[b]!);
      assert.deepEqual([...order], expected);
    }),
    { numRuns: 200 },
  );
});

test("many positions are sorted in pieces", async () => {
  const mains = Array.from({ length: 50_000 }, (_none, at) => 7 + ((at * 61_543) % 50_000));
  const positions = mains.map((_main, at) => at);
  let pauses = 0;
  const order = await readOrder(positions, mains, () => {
    pauses++;
    return Promise.resolve();
  });
  assert.ok(pauses > 20);
  assert.deepEqual(
    Array.from(order, (at) => mains[at]),
    positions.map((at) => 7 + at),
  );
});
