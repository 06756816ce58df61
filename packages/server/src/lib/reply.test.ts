import assert from "node:assert/strict";
import { test } from "node:test";
import { listenTo, Reply } from "./reply.ts";

function recorder() {
  const seen: unknown[] = [];
  return {
    seen,
    onReply: (value: unknown) => void seen.push(["reply", value]),
    onFailure: (error: unknown) => void seen.push(["failure", error]),
  };
}

test("a reply tells its listener in the same turn, once", () => {
  const reply = new Reply<number>();
  const listener = recorder();
  reply.listen(listener);
  assert.deepEqual(listener.seen, []);
  reply.resolve(1);
  reply.resolve(2);
  reply.reject(new Error("late"));
  assert.deepEqual(listener.seen, [["reply", 1]]);
  assert.ok(reply.isSettled);
});

test("a reply that is there already tells who comes to listen", () => {
  const error = new Error("refused");
  const listener = recorder();
  Reply.rejected(error).listen(listener);
  assert.deepEqual(listener.seen, [["failure", error]]);
});

test("a reply can be awaited, before and after it comes, and more than once", async () => {
  const reply = new Reply<string>();
  const early = reply.then((text) => `${text}!`);
  reply.resolve("yes");
  assert.equal(await early, "yes!");
  assert.equal(await reply, "yes");
  await assert.rejects(Promise.resolve(Reply.rejected(new Error("no"))), /no/);
  assert.equal(await Reply.rejected(new Error("no")).catch(() => "caught"), "caught");
});

test("a reply and a promise can be listened to alike", async () => {
  const listener = recorder();
  const reply = new Reply<number>();
  listenTo(reply, listener);
  reply.resolve(1);
  assert.deepEqual(listener.seen, [["reply", 1]]);
  const error = new Error("no");
  listenTo(Promise.resolve(2), listener);
  listenTo(Promise.reject<number>(error), listener);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(listener.seen.slice(1), [
    ["reply", 2],
    ["failure", error],
  ]);
});
