import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytesToKey } from "./bytes.ts";
import { keyOrder, type PackedKeys } from "./key-order.ts";

const noPause = (): Promise<void> => Promise.resolve();

function pack(keys: readonly string[]): PackedKeys {
  const bytes = Buffer.from(keys.join(""), "latin1");
  let end = 0;
  const ends = Uint32Array.from(keys, (key) => (end += key.length));
  return { bytes, starts: ends.map((at, i) => at - keys[i]!.length), ends };
}

async function sorted(keys: readonly string[]): Promise<string[]> {
  return Array.from(await keyOrder(pack(keys), noPause), (at) => keys[at]!);
}

test("equal keys stay in order, however many and however long", async () => {
  for (const length of [1, 5000]) {
    const keys = Array.from({ length: 200 }, (_none, at) =>
      (at % 3 === 0 ? "b" : "a").repeat(length),
    );
    const positions = keys.map((_key, at) => at);
    const expected = [1, 2].flatMap((round) =>
      positions.filter((at) => (at % 3 === 0) === (round === 2)),
    );
    assert.deepEqual([...(await keyOrder(pack(keys), noPause))], expected);
  }
  const many = Array.from({ length: 40_000 }, () => "same");
  assert.deepEqual(
    [...(await keyOrder(pack(many), noPause))],
    many.map((_key, at) => at),
  );
});

test("keys come in the order of their bytes", async () => {
  const prefixArb = fc.constantFrom("", "a", "registry/", "registry/pods/");
  const tailArb = fc.uint8Array({ maxLength: 3 });
  const keyArb = fc.tuple(prefixArb, tailArb).map(([head, tail]) => head + bytesToKey(tail));
  const keysArb = fc.uniqueArray(keyArb, { maxLength: 300, size: "max" });
  await fc.assert(
    fc.asyncProperty(keysArb, async (keys) => {
      assert.deepEqual(await sorted(keys), [...keys].sort());
    }),
  );
});

test("keys of which each begins with the one before are sorted, however many", async () => {
  const keys = Array.from({ length: 7000 }, (_none, at) => Buffer.alloc(at + 1, "a"));
  const bytes = Buffer.concat(keys.toReversed());
  let end = 0;
  const ends = Uint32Array.from(keys, (_key, at) => (end += keys.length - at));
  const starts = ends.map((at, i) => at - (keys.length - i));
  const order = await keyOrder({ bytes, starts, ends }, noPause);
  assert.deepEqual(
    [...order],
    keys.map((_key, at) => keys.length - 1 - at),
  );
});

test("more keys than one piece are sorted too, with pauses", async () => {
  const keys = Array.from({ length: 50_000 }, (_none, at) => `k${(at * 2_654_435_761) % 2 ** 32}`);
  let pauses = 0;
  const order = await keyOrder(pack(keys), () => {
    pauses++;
    return Promise.resolve();
  });
  assert.deepEqual(
    Array.from(order, (at) => keys[at]),
    [...keys].sort(),
  );
  assert.ok(pauses > 4, `${pauses} pauses`);
});
