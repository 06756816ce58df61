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

function nameOf(number: number): string {
  return String(number).padStart(6, "0");
}

/** Leaves of these sizes, of every fifth number; the same goes into `model`. */
function frozenTree(
  sizes: readonly number[],
  model: Map<string, number>,
  onThaw: () => void = () => undefined,
): BPlusTree<number> {
  const tree = new BPlusTree<number>();
  let next = 0;
  for (const size of sizes) {
    const values = Array.from({ length: size }, () => next++);
    const keys = values.map((value) => nameOf(5 * value));
    keys.forEach((key, at) => model.set(key, values[at]!));
    const thaw = () => {
      onThaw();
      return { keys: [...keys], values: [...values] };
    };
    tree.appendLeaf(keys[0]!, { size, thaw });
  }
  return tree;
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

test("a tree of frozen leaves equals the same tree thawed, whatever is done to them", () => {
  const leavesArb = fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 100, size: "max" });
  const numberedArb = fc.integer({ min: 0, max: 9999 }).map(nameOf);
  const stepArb = fc.record({
    op: fc.constantFrom("set", "delete", "deleteMany", "get", "visit", "append"),
    key: numberedArb,
    end: numberedArb,
  });
  fc.assert(
    fc.property(leavesArb, fc.array(stepArb, { maxLength: 40 }), (sizes, steps) => {
      const model = new Map<string, number>();
      const tree = frozenTree(sizes, model);
      let next = 100_000;
      for (const { op, key, end } of steps) {
        const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
        const inRange = sorted.filter(([name]) => name >= key && name < end);
        if (op === "get") assert.equal(tree.get(key), model.get(key));
        else if (op === "visit") assert.deepEqual(contents(tree, key, end), inRange);
        else if (op === "delete") assert.equal(tree.delete(key), model.delete(key));
        else if (op === "deleteMany") {
          for (const [name] of inRange) assert.equal(tree.delete(name), model.delete(name));
        } else {
          const name = op === "append" ? nameOf(next) : key;
          if (op === "append") tree.appendLeaf(name, { keys: [name], values: [next] });
          else tree.set(name, next);
          model.set(name, next++);
        }
        assert.equal(tree.size, model.size);
      }
      const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
      const walked = [...tree.leaves()].flatMap((leaf) => {
        const { keys, values } = "thaw" in leaf ? leaf.thaw() : leaf;
        return keys.map((key, at): [string, number] => [key, values[at]!]);
      });
      assert.deepEqual(walked, sorted);
      assert.deepEqual(contents(tree), sorted);
    }),
    { numRuns: 60 },
  );
});

test("a frozen leaf may be passed whole if all its keys are in range", () => {
  const leavesArb = fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 150, size: "max" });
  const nameArb = fc.integer({ min: 0, max: 20_000 }).map(nameOf);
  const openArb = fc.option(nameArb, { nil: undefined });
  fc.assert(
    fc.property(leavesArb, fc.array(nameArb), nameArb, openArb, (sizes, deleted, start, end) => {
      const model = new Map<string, number>();
      let thawed = 0;
      const tree = frozenTree(sizes, model, () => thawed++);
      for (const key of deleted) assert.equal(tree.delete(key), model.delete(key));
      const isIn = (key: string): boolean => key >= start && (end === undefined || key < end);
      const expected = [...model.keys()].filter(isIn).sort();
      const before = thawed;
      const found: string[] = [];
      const visit = (key: string): boolean => found.push(key) > 0;
      tree.visit(start, end, visit, (leaf) => {
        // A copy, which leaves it frozen.
        found.push(...leaf.thaw().keys);
        thawed--;
        return true;
      });
      assert.deepEqual(found, expected);
      assert.ok(thawed - before <= 2, "a leaf was thawed that does not lie at an end of the range");
    }),
    { numRuns: 60 },
  );
});

test("only the leaves that are looked into are thawed", () => {
  let thawed = 0;
  const tree = frozenTree(
    Array.from({ length: 200 }, () => 10),
    new Map(),
    () => thawed++,
  );
  assert.equal(tree.size, 2000);
  assert.equal(tree.get(nameOf(5 * 995)), 995);
  assert.equal(thawed, 1);
  assert.equal(tree.get("x"), undefined);
  assert.equal(thawed, 2);
  assert.equal(contents(tree, nameOf(0), nameOf(5 * 20)).length, 20);
  assert.equal(thawed, 4);
  assert.ok(tree.delete(nameOf(0)));
  assert.equal(thawed, 4);
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
