import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type InLine, Line } from "./line.ts";

class Item implements InLine {
  readonly id: number;
  place = 0;

  constructor(id: number) {
    this.id = id;
  }
}

const inOrder = (line: Line<Item>): number[] => {
  const ids: number[] = [];
  line.forEach(({ id }) => ids.push(id));
  return ids;
};

test("a line is what a set would be, whoever comes, leaves and comes again", () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ push: fc.nat(60) }) },
    { weight: 3, arbitrary: fc.record({ leave: fc.nat(60) }) },
    { weight: 2, arbitrary: fc.record({ shift: fc.integer({ min: 1, max: 40 }) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400, size: "max" }), (steps) => {
      const items = Array.from({ length: 61 }, (_none, id) => new Item(id));
      const line = new Line<Item>();
      const model = new Set<number>();
      for (const taken of steps) {
        if ("push" in taken) {
          if (model.has(taken.push)) continue;
          line.push(items[taken.push]!);
          model.add(taken.push);
        } else if ("leave" in taken) {
          line.delete(items[taken.leave]!);
          model.delete(taken.leave);
        } else {
          for (let count = 0; count < taken.shift; count++) {
            const [first] = model;
            assert.equal(line.shift()?.id, first);
            if (first !== undefined) model.delete(first);
          }
        }
        assert.equal(line.size, model.size);
        assert.deepEqual(inOrder(line), [...model]);
      }
    }),
    { numRuns: 100 },
  );
});

test("one that stands in another line is not taken from this one", () => {
  const [here, there] = [new Line<Item>(), new Line<Item>()];
  const [first, second] = [new Item(1), new Item(2)];
  here.push(first);
  there.push(second);
  here.delete(second);
  assert.deepEqual([inOrder(here), inOrder(there)], [[1], [2]]);
});

test("those who are visited may leave", () => {
  const line = new Line<Item>();
  for (let id = 0; id < 40; id++) line.push(new Item(id));
  const visited: number[] = [];
  line.forEach((item) => {
    visited.push(item.id);
    line.delete(item);
  });
  assert.equal(visited.length, 40);
  assert.equal(line.size, 0);
});
