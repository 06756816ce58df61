import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ResponseQueue } from "./response-queue.ts";

async function drain<T>(queue: ResponseQueue<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of queue) {
    items.push(item);
  }
  return items;
}

describe("ResponseQueue", () => {
  test("keeps the newest when the consumer is slow", async () => {
    const queue = new ResponseQueue<number>(2);
    for (const item of [1, 2, 3]) queue.push(item);
    queue.end();
    queue.push(4);
    assert.deepEqual(await drain(queue), [2, 3]);
  });

  test("wakes a waiting consumer", async () => {
    const queue = new ResponseQueue<number>(2);
    const drained = drain(queue);
    await Promise.resolve();
    queue.push(1);
    queue.end();
    assert.deepEqual(await drained, [1]);
  });

  test("throws after what it holds", async () => {
    const queue = new ResponseQueue<number>(2);
    queue.push(1);
    queue.fail(new Error("lost"));
    const iterator = queue[Symbol.asyncIterator]();
    assert.equal((await iterator.next()).value, 1);
    await assert.rejects(iterator.next(), /lost/);
  });
});
