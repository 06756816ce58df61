import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32c } from "../lib/crc32c.ts";
import { hashBuckets } from "./etcd-buckets.ts";

test("the hash of all buckets leaves out what differs by member", async () => {
  const entry = (key: string, value: string): { key: Buffer; value: Buffer } => ({
    key: Buffer.from(key),
    value: Buffer.from(value),
  });
  async function* batches<T>(items: T[]): AsyncGenerator<T[]> {
    yield items;
  }
  const lengths = (): never => assert.fail("nobody asks");
  const alarm = { name: "alarm", entries: () => batches([entry("k", "v")]), lengths };
  const meta = {
    name: "meta",
    lengths,
    entries: () =>
      batches([entry("confState", "c"), entry("consistent_index", "i"), entry("term", "t")]),
  };
  assert.equal(await hashBuckets([alarm, meta]), crc32c(Buffer.from("alarmkvmetaconfStatec")));
});
