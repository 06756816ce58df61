import assert from "node:assert/strict";
import { test } from "node:test";
import { LongRecords, recordSlabs } from "./long-records.ts";

test("records of all lengths are found at their places, whatever the order they are set in", () => {
  const lengths = [10, 0, 300_000, 200_000, 100_000, 1];
  const record = (at: number) => Buffer.alloc(lengths[at]!, at + 1);
  const records = new LongRecords(recordSlabs());
  for (const _ of lengths) records.push(undefined);
  for (const at of [4, 2, 0, 5, 3, 1]) records.set(at, record(at));
  for (const [at, length] of lengths.entries()) {
    assert.equal(records.lengthAt(at), length);
    assert.ok(record(at).equals(records.at(at)));
  }
});

test("a record of no bytes is found behind one that fills its slab", () => {
  const records = new LongRecords(recordSlabs());
  for (const bytes of [256 * 1024, 0, 300_000, 0]) records.push(Buffer.alloc(bytes));
  for (const at of [1, 3]) assert.equal(records.at(at).length, 0);
});

test("trimmed, records are where they were, and keep little more than they are", () => {
  const pool = recordSlabs();
  const records = new LongRecords(pool);
  for (const bytes of [100, 200_000, 60_000, 30_000]) records.push(Buffer.alloc(bytes, bytes));
  const before = records.keptBytes;
  records.trim();
  assert.ok(before - records.keptBytes > 200_000, `${before} and ${records.keptBytes} bytes`);
  assert.equal(pool.take().length, 256 * 1024);
  for (const [at, bytes] of [100, 200_000, 60_000, 30_000].entries()) {
    assert.ok(Buffer.alloc(bytes, bytes).equals(records.at(at)));
  }
  records.release();
  assert.ok(records.keptBytes < 20_000);
});

test("records are copied, whether they are there at once or set later", () => {
  const records = new LongRecords(recordSlabs());
  const given = Buffer.from("given");
  records.push(given);
  records.push(undefined);
  records.push(Buffer.alloc(0));
  assert.deepEqual(records.missing(), [1]);
  const read = Buffer.from("read");
  records.set(1, read);
  given.fill(0);
  read.fill(0);
  assert.deepEqual(records.missing(), []);
  assert.equal(records.size, 3);
  const texts = [0, 1, 2].map((at) => Buffer.from(records.at(at)).toString());
  assert.deepEqual(texts, ["given", "read", ""]);
});

test("there is room for any number of them", () => {
  const records = new LongRecords(recordSlabs());
  const text = (at: number): string => `record ${at}`;
  for (let at = 0; at < 5000; at++) records.push(at % 2 === 0 ? Buffer.from(text(at)) : undefined);
  for (const at of records.missing()) records.set(at, Buffer.from(text(at)));
  for (let at = 0; at < 5000; at++) assert.equal(Buffer.from(records.at(at)).toString(), text(at));
});

test("what is released is used again, and no longer to be had", () => {
  const pool = recordSlabs();
  const records = new LongRecords(pool);
  records.push(Buffer.from("record"));
  const { buffer } = records.at(0);
  records.release();
  assert.throws(() => records.at(0), /not there/);
  assert.equal(pool.take().buffer, buffer);
});

test("a record that was neither given nor set is not made up", () => {
  const records = new LongRecords(recordSlabs());
  records.push(undefined);
  assert.throws(() => records.at(0), /not there/);
});
