import assert from "node:assert/strict";
import { test } from "node:test";
import { ProgressQueue } from "./progress-queue.ts";

interface TestStream {
  readonly atMs: number;
  isClosed: boolean;
}

test("open streams come out as they are due, closed ones never", () => {
  const queue = new ProgressQueue<TestStream>();
  const streams = Array.from({ length: 500 }, (_none, i) => ({
    atMs: (i * 37) % 500,
    isClosed: false,
  }));
  for (const stream of streams) {
    queue.add(stream, stream.atMs);
  }
  for (const stream of streams.filter(({ atMs }) => atMs % 5 !== 0)) {
    stream.isClosed = true;
    queue.closed();
  }
  const taken: number[] = [];
  for (let nowMs = 0; nowMs < 500; nowMs++) {
    for (let due = queue.takeDue(nowMs); due !== undefined; due = queue.takeDue(nowMs)) {
      assert.equal(due.atMs, nowMs);
      taken.push(nowMs);
    }
  }
  assert.deepEqual(
    taken,
    Array.from({ length: 100 }, (_none, i) => 5 * i),
  );
  assert.equal(queue.size, 0);
});

test("streams that come and go do not pile up until they would be due", () => {
  const queue = new ProgressQueue<TestStream>();
  for (let i = 0; i < 100; i++) {
    queue.add({ atMs: i, isClosed: false }, i);
  }
  for (let i = 0; i < 10_000; i++) {
    const stream = { atMs: 600_000 + i, isClosed: false };
    queue.add(stream, stream.atMs);
    stream.isClosed = true;
    queue.closed();
    assert.ok(queue.size < 300, `${queue.size} entries for 100 streams`);
  }
});
