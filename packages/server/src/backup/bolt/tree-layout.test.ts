import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PageAllocator } from "./page-allocator.ts";
import { type ClosedPage, TreeLayout, type TreeRoot } from "./tree-layout.ts";

const PAGE_SIZE = 4096;

function layOut(lengths: readonly (readonly [key: number, value: number])[]): {
  pages: ClosedPage[];
  root: TreeRoot;
  highWater: number;
} {
  const pages: ClosedPage[] = [];
  const allocator = new PageAllocator();
  const layout = new TreeLayout({
    pageSize: PAGE_SIZE,
    pages: allocator,
    inline: false,
    onPage: (page) => pages.push(page),
  });
  for (const [key, value] of lengths) {
    layout.add(key, value);
  }
  return { pages, root: layout.finish(), highWater: allocator.highWater };
}

const lengths = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 40 }) },
      fc.constantFrom(900, 2100, 32_768),
    ),
    fc.oneof({ weight: 6, arbitrary: fc.nat(600) }, fc.nat(20_000)),
  ),
  { maxLength: 1500, size: "max" },
);

test("every layout is a sound tree: ids adjoin, levels shrink, the root is the last page", () => {
  fc.assert(
    fc.property(lengths, (elements) => {
      const { pages, root, highWater } = layOut(elements);
      let next = 2;
      for (const page of pages) {
        assert.equal(page.id, next);
        next += page.pages;
      }
      assert.equal(next, highWater);
      const height = Math.max(...pages.map(({ level }) => level));
      for (let level = 0; level <= height; level++) {
        const children = pages.filter((page) => page.level === level - 1).length;
        const counts = pages.filter((page) => page.level === level).map(({ count }) => count);
        const total = counts.reduce((sum, count) => sum + count, 0);
        assert.equal(total, level === 0 ? elements.length : children);
        assert.ok(level !== height || counts.length === 1);
      }
      assert.deepEqual(root, { kind: "page", id: pages.at(-1)?.id });
    }),
    { numRuns: 60 },
  );
});

test("no branch page has a single child, which bbolt would panic about", () => {
  for (const key of [17, 1000, 1400, 2100, 32_768]) {
    for (let count = 2; count < 700; count++) {
      const { pages } = layOut(Array.from({ length: count }, () => [key, 4000] as const));
      const lonely = pages.find((page) => page.level > 0 && page.count < 2);
      assert.equal(lonely, undefined, `${count} keys of ${key} bytes`);
    }
  }
});

test("only an element too large for a page makes a leaf overflow", () => {
  fc.assert(
    fc.property(lengths, (elements) => {
      for (const page of layOut(elements).pages) {
        assert.ok(page.level > 0 || page.pages === 1 || page.count === 1);
      }
    }),
    { numRuns: 30 },
  );
});

test("a bucket becomes inline up to a quarter of a page", () => {
  const rootOf = (value: number): TreeRoot => {
    const pages = new PageAllocator();
    const layout = new TreeLayout({ pageSize: PAGE_SIZE, pages, inline: true });
    layout.add(8, value);
    return layout.finish();
  };
  assert.deepEqual(rootOf(1024 - 40), { kind: "inline", contentBytes: 1024, count: 1 });
  assert.deepEqual(rootOf(1024 - 39), { kind: "page", id: 2 });
});
