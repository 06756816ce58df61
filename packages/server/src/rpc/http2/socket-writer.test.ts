import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { heldSocketPair } from "../testing/held-socket.ts";
import { outputSlabs } from "./output.ts";
import { UNSENT_ANSWERS_MAX } from "./limits.ts";
import { SocketWriter } from "./socket-writer.ts";

const NO_REQUESTS = { atTurnEnd: () => undefined, soon: () => undefined };

// As it is with a little through TLS: the socket takes it later, and says nothing.
test("answers that the socket has taken do not count, though it does not say so", () => {
  const [socket] = heldSocketPair();
  const writer = new SocketWriter(socket.asSocket(), outputSlabs(), NO_REQUESTS);
  for (let count = 0; count < 2 * UNSENT_ANSWERS_MAX; count++) {
    socket.isHeld = true;
    writer.answer(Buffer.from("answer"));
    writer.flush();
    assert.ok(socket.writableLength > 0);
    socket.release();
  }
  socket.destroy();
});

test("slabs are not kept until the socket says what it will not", () => {
  const pool = outputSlabs();
  const [socket] = heldSocketPair();
  const writer = new SocketWriter(socket.asSocket(), pool, NO_REQUESTS);
  const slabs = new Set<Buffer>();
  for (let count = 0; count < 20; count++) {
    socket.isHeld = true;
    writer.control(Buffer.from("frame"));
    slabs.add(writer.output.slab);
    writer.flush();
    socket.release();
  }
  writer.drained();
  const kept = Array.from({ length: 20 }, () => pool.take()).filter((slab) => slabs.has(slab));
  assert.deepEqual(kept, []);
  socket.destroy();
});

test("slabs are used again when the socket says that it has taken all", async () => {
  const pool = outputSlabs();
  const [socket] = heldSocketPair();
  const writer = new SocketWriter(socket.asSocket(), pool, NO_REQUESTS);
  socket.isHeld = true;
  for (let count = 0; count < 20; count++) writer.control(Buffer.alloc(1000));
  const { slab } = writer.output;
  writer.flush();
  assert.ok(writer.isBlocked);
  assert.notEqual(pool.take(), slab);
  const drained = once(socket, "drain");
  socket.release();
  await drained;
  writer.drained();
  assert.equal(pool.take(), slab);
  socket.destroy();
});

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
