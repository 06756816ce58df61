import assert from "node:assert/strict";
import { test } from "node:test";
import { LongRecords } from "./long-records.ts";

test("records of all lengths are found at their places, whatever the order they are set in", () => {
  const lengths = [10, 0, 300_000, 200_000, 100_000, 1];
  const record = (at: number) => Buffer.alloc(lengths[at]!, at + 1);
  const records = new LongRecords(lengths.map(() => undefined));
  for (const at of [4, 2, 0, 5, 3, 1]) records.set(at, record(at));
  for (const [at, length] of lengths.entries()) {
    assert.equal(records.lengthAt(at), length);
    assert.ok(record(at).equals(records.at(at)));
  }
});

test("records that were in memory are not copied; what is set is", () => {
  const given = Buffer.from("given");
  const records = new LongRecords([given, undefined]);
  const read = Buffer.from("read");
  records.set(1, read);
  read.fill(0);
  assert.equal(records.size, 2);
  assert.equal(records.at(0), given);
  assert.equal(records.lengthAt(0), given.length);
  assert.equal(Buffer.from(records.at(1)).toString(), "read");
});

test("a record that was neither given nor set is not made up", () => {
  assert.throws(() => new LongRecords([undefined]).at(0), /has not been read/);
});
