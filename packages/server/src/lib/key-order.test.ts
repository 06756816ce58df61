import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytesToKey } from "./bytes.ts";
import { keyOrder } from "./key-order.ts";

const noPause = (): Promise<void> => Promise.resolve();

async function sorted(keys: readonly string[]): Promise<string[]> {
  return Array.from(await keyOrder(keys, noPause), (at) => keys[at]!);
}

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

test("more keys than one piece are sorted too, with pauses", async () => {
  const keys = Array.from({ length: 50_000 }, (_none, at) => `k${(at * 2_654_435_761) % 2 ** 32}`);
  let pauses = 0;
  const order = await keyOrder(keys, () => {
    pauses++;
    return Promise.resolve();
  });
  assert.deepEqual(
    Array.from(order, (at) => keys[at]),
    [...keys].sort(),
  );
  assert.ok(pauses > 4, `${pauses} pauses`);
});
