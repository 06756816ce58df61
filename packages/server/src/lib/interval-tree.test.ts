import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { IntervalTree } from "./interval-tree.ts";

const pointArb = fc.string({
  minLength: 1,
  maxLength: 2,
  unit: fc.constantFrom("a", "b", "c", "d"),
});
const endArb = fc.option(pointArb, { nil: undefined });
const commandArb = fc.record({
  op: fc.constantFrom("set" as const, "set" as const, "delete" as const),
  start: pointArb,
  end: endArb,
});

test("the tree finds what a list of intervals finds, after any adds and removes", () => {
  fc.assert(
    fc.property(fc.array(commandArb, { maxLength: 300, size: "max" }), (commands) => {
      const tree = new IntervalTree<number>();
      const model = new Map<string, { start: string; end: string | undefined; value: number }>();
      commands.forEach(({ op, start, end }, value) => {
        const id = JSON.stringify([start, end ?? null]);
        if (op === "set") {
          tree.set(start, end, value);
          model.set(id, { start, end, value });
        } else {
          assert.equal(tree.delete(start, end), model.delete(id));
        }
        assert.equal(tree.get(start, end), model.get(id)?.value);
      });
      assert.equal(tree.size, model.size);
      for (const point of ["a", "aa", "ab", "b", "bc", "c", "d", "dd", "e"]) {
        const found: number[] = [];
        tree.stab(point, (value) => found.push(value));
        const expected = [...model.values()]
          .filter(({ start, end }) => start <= point && (end === undefined || point < end))
          .map(({ value }) => value);
        assert.deepEqual(
          found.sort((a, b) => a - b),
          expected.sort((a, b) => a - b),
        );
      }
    }),
    { numRuns: 60 },
  );
});

test("a hundred thousand disjoint intervals stay shallow enough to search", () => {
  const tree = new IntervalTree<number>();
  for (let i = 0; i < 100_000; i++) {
    const start = String(i).padStart(6, "0");
    tree.set(start, `${start}\0`, i);
  }
  const found: number[] = [];
  tree.stab("054321", (value) => found.push(value));
  assert.deepEqual(found, [54_321]);
});
