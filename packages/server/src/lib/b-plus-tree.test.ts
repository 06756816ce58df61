import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BPlusTree } from "./b-plus-tree.ts";

function contents(tree: BPlusTree<number>, start = "", end?: string): [string, number][] {
  const found: [string, number][] = [];
  tree.visit(start, end, (key, value) => {
    found.push([key, value]);
    return true;
  });
  return found;
}

const keyArb = fc.integer({ min: 0, max: 999 }).map((n) => n.toString(36));
const commandArb = fc.oneof(
  { weight: 3, arbitrary: fc.record({ op: fc.constant("set" as const), key: keyArb }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("delete" as const), key: keyArb }) },
);

test("the tree equals a sorted map after any adds and removes", () => {
  fc.assert(
    fc.property(
      fc.array(commandArb, { maxLength: 1500, size: "max" }),
      keyArb,
      keyArb,
      (commands, start, end) => {
        const tree = new BPlusTree<number>();
        const model = new Map<string, number>();
        commands.forEach(({ op, key }, i) => {
          if (op === "set") {
            tree.set(key, i);
            model.set(key, i);
          } else {
            assert.equal(tree.delete(key), model.delete(key));
          }
        });
        const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
        assert.equal(tree.size, model.size);
        assert.deepEqual(contents(tree), sorted);
        assert.deepEqual(
          contents(tree, start, end),
          sorted.filter(([key]) => key >= start && key < end),
        );
        for (const [key, value] of sorted) {
          assert.equal(tree.get(key), value);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("appending equals setting, also between other changes", () => {
  const stepArb = fc.record({
    op: fc.constantFrom("append" as const, "set" as const, "delete" as const),
    count: fc.integer({ min: 1, max: 200 }),
    key: fc.integer({ min: 0, max: 999 }),
  });
  fc.assert(
    fc.property(fc.array(stepArb, { maxLength: 20 }), (steps) => {
      const appended = new BPlusTree<number>();
      const expected = new BPlusTree<number>();
      let next = 1000;
      for (const { op, count, key } of steps) {
        const name = String(key).padStart(6, "0");
        if (op === "set") {
          appended.set(name, key);
          expected.set(name, key);
        } else if (op === "delete") {
          assert.equal(appended.delete(name), expected.delete(name));
        }
        for (let i = 0; op === "append" && i < count; i++, next++) {
          appended.append(String(next).padStart(6, "0"), next);
          expected.set(String(next).padStart(6, "0"), next);
        }
      }
      assert.equal(appended.size, expected.size);
      assert.deepEqual(contents(appended), contents(expected));
    }),
  );
});

test("ascending and descending loads, then removal of everything, leave an empty tree", () => {
  for (const direction of [1, -1]) {
    const tree = new BPlusTree<number>();
    const keys = Array.from({ length: 20_000 }, (_, i) => String(i).padStart(6, "0"));
    const ordered = direction === 1 ? keys : keys.toReversed();
    ordered.forEach((key, i) => tree.set(key, i));
    assert.deepEqual(
      contents(tree).map(([key]) => key),
      keys,
    );
    for (const key of ordered) {
      assert.ok(tree.delete(key));
    }
    assert.equal(tree.size, 0);
    assert.deepEqual(contents(tree), []);
  }
});

test("a visit stops when told to", () => {
  const tree = new BPlusTree<number>();
  for (let i = 0; i < 1000; i++) {
    tree.set(String(i).padStart(4, "0"), i);
  }
  const seen: number[] = [];
  tree.visit("0100", "0900", (_key, value) => {
    seen.push(value);
    return seen.length < 3;
  });
  assert.deepEqual(seen, [100, 101, 102]);
});
