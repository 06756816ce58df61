import assert from "node:assert/strict";
import { test } from "node:test";
import { heldSocketPair } from "../testing/held-socket.ts";
import { outputSlabs } from "./output.ts";
import { SocketWriter } from "./socket-writer.ts";

test("what can wait leaves with what follows, or alone when that has not come for a whole period", () => {
  const [socket] = heldSocketPair();
  let periods = 0;
  const writer = new SocketWriter(socket.asSocket(), outputSlabs(), {
    atTurnEnd: () => undefined,
    soon: () => (periods += 1),
  });
  writer.answerSoon(Buffer.from("ab"));
  assert.deepEqual([periods, socket.bytesWritten], [1, 0]);
  writer.control(Buffer.from("c"));
  writer.flush();
  assert.equal(socket.bytesWritten, 3);
  writer.answerSoon(Buffer.from("d"));
  assert.equal(periods, 1, "one at a time");
  writer.flushLate();
  assert.deepEqual([periods, socket.bytesWritten], [2, 3], "it has not waited so long");
  writer.flushLate();
  assert.deepEqual([periods, socket.bytesWritten], [2, 4]);
  writer.answerSoon(Buffer.from("e"));
  writer.flush();
  writer.flushLate();
  assert.equal(periods, 3, "nothing waits any more");
  writer.answerSoon(Buffer.from("f"));
  assert.equal(periods, 4);
  socket.destroy();
});
