import assert from "node:assert/strict";
import { test } from "node:test";
import { SlabArena } from "./slab-arena.ts";
import { SlabPool } from "./slab-pool.ts";

test("pieces of any size do not overlap, and their memory is used again after the release", () => {
  const pool = new SlabPool(100, 10);
  const arena = new SlabArena(pool);
  const sizes = [60, 40, 1, 0, 99, 250, 3, 100];
  const pieces = sizes.map((bytes, at) => arena.allot(bytes).fill(at + 1));
  for (const [at, piece] of pieces.entries()) {
    assert.ok(piece.equals(Buffer.alloc(sizes[at]!, at + 1)), `piece ${at}`);
  }
  const { buffer } = pieces[0]!;
  arena.release();
  const again = Array.from({ length: 20 }, () => arena.allot(100).buffer);
  assert.ok(again.includes(buffer));
  assert.equal(new Set(again).size, 20);
});

test("a pool keeps slabs of its size only, and not too many", () => {
  const pool = new SlabPool(100, 2);
  const slabs = [Buffer.alloc(100), Buffer.alloc(99), Buffer.alloc(100), Buffer.alloc(100)];
  const given = [...slabs];
  pool.giveAll(given);
  assert.deepEqual(given, []);
  assert.equal(pool.take(101).length, 101);
  const taken = [pool.take(), pool.take(100), pool.take()];
  assert.deepEqual([taken.includes(slabs[0]!), taken.includes(slabs[2]!)], [true, true]);
  assert.deepEqual([taken.includes(slabs[1]!), taken.includes(slabs[3]!)], [false, false]);
  assert.deepEqual(
    taken.map(({ length }) => length),
    [100, 100, 100],
  );
});
