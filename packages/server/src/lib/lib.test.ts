import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  asBuffer,
  bytesToKey,
  compareBytes,
  copyBytes,
  getBigUint64,
  getUint32,
  getUint64,
  keyToBytes,
  prefixEnd,
  putBigUint64,
  putUint32,
  putUint64,
  tryGetUint64,
} from "./bytes.ts";
import { crc32c } from "./crc32c.ts";
import { createDeferred } from "./deferred.ts";
import { DueQueue } from "./due-queue.ts";
import { errorCode, toError } from "./error-code.ts";
import { Heap } from "./heap.ts";
import { Prng } from "./prng.ts";
import { RingBuffer } from "./ring-buffer.ts";

const anyBytes = fc.uint8Array({ maxLength: 100 });

function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
    }
  }
  return ~crc >>> 0;
}

test("crc32c gives the published check values", () => {
  assert.equal(crc32c(Buffer.from("123456789")), 0xe306_9283);
  assert.equal(crc32c(new Uint8Array(32)), 0x8a91_36aa);
  assert.equal(crc32c(new Uint8Array(32).fill(255)), 0x62a8_ab43);
  assert.equal(crc32c(new Uint8Array(0)), 0);
});

test("crc32c agrees with the bitwise definition, in pieces and in parts", () => {
  fc.assert(
    fc.property(anyBytes, anyBytes, fc.nat(20), (a, b, cut) => {
      const whole = Uint8Array.from([...a, ...b]);
      assert.equal(crc32c(whole), slowCrc32c(whole));
      assert.equal(crc32c(b, crc32c(a)), crc32c(whole));
      const end = Math.max(cut, whole.length - cut);
      assert.equal(crc32c(whole, 7, cut, end), crc32c(whole.subarray(cut, end), 7));
    }),
  );
});

test("bytes compare as their keys and as Buffer does", () => {
  fc.assert(
    fc.property(anyBytes, anyBytes, (a, b) => {
      const order = Math.sign(compareBytes(a, b));
      assert.equal(order, Buffer.compare(a, b));
      const [left, right] = [bytesToKey(a), bytesToKey(b)];
      assert.equal(order, left < right ? -1 : left > right ? 1 : 0);
      assert.deepEqual(new Uint8Array(keyToBytes(left)), a);
      assert.deepEqual(new Uint8Array(copyBytes(a)), a);
    }),
  );
});

test("integers survive their bytes, and the order of bytes is theirs", () => {
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      fc.maxSafeNat(),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      (a, b, c) => {
        const left = new Uint8Array(11);
        const right = new Uint8Array(11);
        putUint64(left, 3, a);
        putUint64(right, 3, b);
        assert.equal(getUint64(left, 3), a);
        assert.equal(Math.sign(compareBytes(left, right)), Math.sign(a - b));
        putBigUint64(right, 1, c);
        assert.equal(getBigUint64(right, 1), c);
        assert.equal(asBuffer(right).readBigUInt64BE(1), c);
        putUint32(left, 0, a % 2 ** 32);
        assert.equal(getUint32(left, 0), a % 2 ** 32);
      },
    ),
  );
});

test("numbers that are not safe are refused on the way in and out", () => {
  const bytes = new Uint8Array(8);
  for (const value of [-1, 1.5, 2 ** 53, Number.NaN]) {
    assert.throws(() => putUint64(bytes, 0, value), { name: "InvariantError" });
  }
  bytes.fill(255);
  assert.equal(tryGetUint64(bytes, 0), undefined);
  assert.throws(() => getUint64(bytes, 0), { name: "InvariantError" });
});

test("prefixEnd is the first key behind all keys with the prefix", () => {
  assert.deepEqual(prefixEnd(Uint8Array.of(1, 2)), Uint8Array.of(1, 3));
  const prefix = Buffer.from([1, 255]);
  assert.deepEqual(prefixEnd(prefix), Uint8Array.of(2));
  assert.deepEqual([...prefix], [1, 255]);
  assert.equal(prefixEnd(Uint8Array.of(255, 255)), undefined);
});

/** Adds (a number), takes the first (undefined), or lets the item at a share of the rest go. */
const heapScripts = fc.array(
  fc.oneof(
    fc.integer(),
    fc.constant(undefined),
    fc.record({ leaves: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
  ),
  { maxLength: 200 },
);

test("a heap gives its items back in order, without those that have left", () => {
  fc.assert(
    fc.property(heapScripts, (script) => {
      const heap = new Heap<{ of: number; place: number }>((a, b) => a.of < b.of);
      const model: { of: number; place: number }[] = [];
      for (const step of script) {
        if (step === undefined) {
          const first = heap.pop();
          assert.equal(first?.of, model[0]?.of);
          // Of equal ones any may be the first.
          if (first !== undefined) model.splice(model.indexOf(first), 1);
        } else if (typeof step === "number") {
          const item = { of: step, place: 0 };
          heap.push(item);
          model.push(item);
          model.sort((a, b) => a.of - b.of);
        } else if (model.length > 0) {
          const [item] = model.splice(Math.floor(step.leaves * model.length), 1);
          heap.delete(item!);
          heap.delete(item!);
        }
        assert.equal(heap.peek()?.of, model[0]?.of);
        assert.equal(heap.size, model.length);
      }
      while (model.length > 0) assert.equal(heap.pop()?.of, model.shift()?.of);
      assert.equal(heap.pop(), undefined);
    }),
  );
});

test("what has left a heap, in whatever way, cannot take another's place with it", () => {
  const heap = new Heap<{ of: number; place: number }>((a, b) => a.of < b.of);
  const items = [1, 2, 3].map((of) => ({ of, place: 0 }));
  for (const item of items) heap.push(item);
  const first = heap.pop();
  heap.delete(first!);
  assert.equal(heap.size, 2);
  heap.clear();
  heap.push(first!);
  for (const item of items.slice(1)) heap.delete(item);
  assert.equal(heap.pop(), first);
  heap.delete(first!);
});

test("a queue gives what is due, without what was taken out", () => {
  const queue = new DueQueue<string>();
  const [late, early, gone] = [queue.add("late", 20), queue.add("early", 10), queue.add("gone", 5)];
  queue.delete(gone);
  assert.equal(queue.takeDue(9), undefined);
  assert.equal(queue.takeDue(10), "early");
  assert.equal(queue.takeDue(10), undefined);
  queue.delete(early);
  assert.equal(queue.size, 1);
  queue.delete(late);
  assert.equal(queue.takeDue(99), undefined);
});

test("a ring buffer is a bounded queue", () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.integer(), { nil: undefined }), { maxLength: 200 }),
      (script) => {
        const ring = new RingBuffer<number>(20);
        const model: number[] = [];
        for (const item of script) {
          if (item === undefined) {
            assert.equal(ring.shift(), model.shift());
          } else if (ring.isFull) {
            assert.throws(() => ring.push(item), { name: "InvariantError" });
          } else {
            ring.push(item);
            model.push(item);
          }
          assert.equal(ring.size, model.length);
          assert.equal(ring.at(model.length - 1), model.at(-1));
          assert.equal(ring.at(model.length), undefined);
        }
        ring.clear();
        assert.equal(ring.shift(), undefined);
      },
    ),
  );
});

test("the generator repeats itself for a seed, and only then", () => {
  const draw = (seed: number | bigint): number[] => {
    const prng = new Prng(seed);
    return Array.from({ length: 5 }, () => prng.nextUint32());
  };
  assert.deepEqual(draw(5), draw(5));
  assert.deepEqual(draw(5), draw(5n));
  assert.notDeepEqual(draw(5), draw(6));
  assert.deepEqual(draw(1), [...draw(1)]);
});

test("the generator is about uniform", () => {
  const prng = new Prng(42);
  const counts = new Array<number>(10).fill(0);
  for (let at = 0; at < 20_000; at++) {
    counts[prng.nextInt(10)]! += 1;
  }
  assert.ok(
    counts.every((count) => count > 1800 && count < 2200),
    counts.join(" "),
  );
  const hits = Array.from({ length: 1000 }, () => prng.chance(0.3)).filter(Boolean).length;
  assert.ok(hits > 250 && hits < 350, `${hits}`);
  assert.equal(prng.bytes(9).length, 9);
  assert.ok(prng.nextUint64() < 1n << 64n);
});

test("a deferred is settled from outside", async () => {
  const good = createDeferred<number>();
  good.resolve(5);
  assert.equal(await good.promise, 5);
  const bad = createDeferred<number>();
  bad.reject(new Error("no"));
  await assert.rejects(bad.promise, /no/);
});

test("codes of system errors are found, anything thrown becomes an error", () => {
  assert.equal(errorCode(Object.assign(new Error("x"), { code: "EIO" })), "EIO");
  assert.equal(errorCode(new Error("x")), undefined);
  assert.equal(errorCode("EIO"), undefined);
  assert.equal(toError("x").message, "x");
});
