import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { test } from "node:test";
import type { Clock } from "../env/env.ts";
import { nodeClock } from "../env/node-env.ts";
import { createMessage, type Message } from "../raft/messages.ts";
import { frameHeader } from "./framing.ts";
import { HEAD_TIMEOUT_MS, STREAM_PROTOCOL } from "./protocol.ts";
import {
  Arrivals,
  CLUSTER,
  converse,
  type PeerFixture,
  startPeer,
} from "./testing/peer-fixture.ts";

/** A clock on which whatever is to happen after a second or more happens after some milliseconds. */
const hasty: Clock = {
  ...nodeClock,
  monotonicMs: () => nodeClock.monotonicMs() * 100,
  setTimer: (delayMs, callback) => nodeClock.setTimer(delayMs / 100, callback),
};

function heartbeat(from: bigint, to: bigint): Message {
  const message = createMessage("MsgHeartbeat", to);
  message.from = from;
  message.term = 1;
  return message;
}

/** Sends until the connection is there to take it. */
async function sendWhenUp({ transport }: PeerFixture, message: Message): Promise<void> {
  while (transport.send([message]).length > 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Sends until one has arrived: what a dying connection takes is lost. */
async function sendUntilHeard(
  one: PeerFixture,
  message: Message,
  at: PeerFixture,
): Promise<Message> {
  let heard: Message | undefined;
  const arrival = at.host.messages.next().then((arrived) => (heard = arrived));
  while (heard === undefined) {
    one.transport.send([message]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return arrival;
}

async function pair(): Promise<[PeerFixture, PeerFixture]> {
  const [one, two] = [await startPeer({ id: 1n }), await startPeer({ id: 2n })];
  one.transport.addPeer(2n, [two.url]);
  return [one, two];
}

test("messages arrive in order, and a member that was not known is answered where it says", async () => {
  const [one, two] = await pair();
  await sendWhenUp(one, heartbeat(1n, 2n));
  one.transport.send([{ ...heartbeat(1n, 2n), commit: 1 }]);
  assert.equal((await two.host.messages.next()).commit, 0);
  assert.equal((await two.host.messages.next()).commit, 1);
  assert.notEqual(two.transport.activeSince(1n), undefined);
  // Two was never told of one.
  await sendWhenUp(two, heartbeat(2n, 1n));
  assert.equal((await one.host.messages.next()).from, 2n);
  // Told now, it still knows since when one has been connected.
  two.transport.addPeer(1n, [one.url]);
  assert.notEqual(two.transport.activeSince(1n), undefined);
  await Promise.all([one.close(), two.close()]);
});

test("who is not known, and is gone, is forgotten", async () => {
  const [one, two] = await pair();
  await sendWhenUp(one, heartbeat(1n, 2n));
  await two.host.messages.next();
  await one.close();
  while (two.transport.activeSince(1n) !== undefined) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(two.transport.peer(1n), undefined);
  await two.close();
});

test("nobody speaks for another", async () => {
  const [one, two] = await pair();
  await sendWhenUp(one, heartbeat(3n, 2n));
  one.transport.send([{ ...heartbeat(1n, 2n), commit: 7 }]);
  assert.equal((await two.host.messages.next()).commit, 7);
  await Promise.all([one.close(), two.close()]);
});

test("a removed member is told so when it dials", async () => {
  const [one, two] = await pair();
  two.host.removed.add(1n);
  two.transport.removePeer(1n);
  await one.host.removals.next();
  await Promise.all([one.close(), two.close()]);
});

test("a member whose peers are all of another cluster learns it; one good peer is enough", async () => {
  const one = await startPeer({ id: 1n });
  const good = await startPeer({ id: 2n });
  const foreign = await startPeer({ id: 3n, clusterId: 0xfn });
  one.transport.addPeer(2n, [good.url]);
  await sendWhenUp(one, heartbeat(1n, 2n));
  one.transport.addPeer(3n, [foreign.url]);
  one.transport.removePeer(2n);
  assert.equal(await one.host.foreign.next(), 0xfn);
  await Promise.all([one.close(), good.close(), foreign.close()]);
});

test("a peer that moves is dialled where it is now", async () => {
  const [one, two] = await pair();
  await sendWhenUp(one, heartbeat(1n, 2n));
  await two.host.messages.next();
  await two.close();
  const moved = await startPeer({ id: 2n });
  one.transport.updatePeer(2n, [moved.url]);
  const heard = await sendUntilHeard(one, { ...heartbeat(1n, 2n), commit: 5 }, moved);
  assert.equal(heard.commit, 5);
  await Promise.all([one.close(), moved.close()]);
});

test("a connection on which nothing comes back is given up and made anew", async () => {
  const dials = new Arrivals<true>();
  const sockets: Socket[] = [];
  // Takes the stream, and then keeps it open like a network that has swallowed its other end.
  const dead = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => {
      dials.add(true);
      socket.write(
        `HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: ${STREAM_PROTOCOL}\r\n\r\n`,
      );
    });
  });
  await new Promise<void>((resolve) => dead.listen(0, "127.0.0.1", resolve));
  const address = dead.address();
  const port = typeof address === "object" ? address?.port : 0;
  const one = await startPeer({ id: 1n, clock: hasty });
  one.transport.addPeer(2n, [`http://127.0.0.1:${port}`]);
  await dials.next();
  await dials.next();
  await one.close();
  for (const socket of sockets) socket.destroy();
  dead.close();
});

test("snapshots go to whichever URL answers, and only to the member that is meant", async () => {
  const [one, two] = await pair();
  one.transport.updatePeer(2n, ["http://127.0.0.1:1", two.url]);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("all ");
    yield await Promise.resolve(Buffer.from("of it"));
  }
  const send = (): Promise<void> =>
    one.transport.sendSnapshot(createMessage("MsgSnap", 2n), chunks());
  await assert.rejects(send());
  await send();
  assert.equal(await two.host.snapshots.next(), "all of it");
  const three = await startPeer({ id: 3n });
  one.transport.updatePeer(2n, [three.url]);
  await assert.rejects(send(), /412/);
  await Promise.all([one.close(), two.close(), three.close()]);
});

test("a chunk of a snapshot has left when the next is asked for", async () => {
  const [one, two] = await pair();
  const chunk = Buffer.alloc(256 * 1024);
  const letters = Array.from({ length: 78 }, (_none, i) => String.fromCharCode(65 + (i % 26)));
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const letter of letters) yield await Promise.resolve(chunk.fill(letter));
  }
  await one.transport.sendSnapshot(createMessage("MsgSnap", 2n), chunks());
  const whole = await two.host.snapshots.next();
  assert.ok(whole === letters.map((letter) => letter.repeat(chunk.length)).join(""));
  await Promise.all([one.close(), two.close()]);
});

test("a snapshot that fails at its source, or is refused, ends for both", async () => {
  const [one, two] = await pair();
  let ended = 0;
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from("some of it"));
    throw new Error("the store is damaged");
  }
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield await Promise.resolve(Buffer.alloc(64 * 1024));
    } finally {
      ended += 1;
    }
  }
  const message = createMessage("MsgSnap", 2n);
  await assert.rejects(one.transport.sendSnapshot(message, failing()), /the store is damaged/);
  assert.equal(await two.host.snapshots.next(), "cut off");
  two.host.removed.add(1n);
  await assert.rejects(one.transport.sendSnapshot(message, endless()));
  assert.equal(ended, 1);
  await Promise.all([one.close(), two.close()]);
});

test("a snapshot whose sender falls silent ends for the receiver too", async () => {
  const two = await startPeer({ id: 2n, silenceMs: 50 });
  const message = "\x01\0\0\0";
  const head =
    `POST /raft/snapshot HTTP/1.1\r\nHost: x\r\nx-etcd-cluster-id: ${CLUSTER.toString(16)}\r\n` +
    `Content-Length: 100\r\n\r\n${message}`;
  await converse(two.port, head).catch(() => "reset");
  await two.close();
});

test("a connection that does not say what it wants is closed", async () => {
  const two = await startPeer({ id: 2n, clock: hasty });
  assert.ok(HEAD_TIMEOUT_MS <= 10_000);
  for (const bytes of ["", "GET /members HTTP/1.1\r\nHost:"]) {
    await converse(two.port, bytes).catch(() => "reset");
  }
  // So is one whose small request never ends.
  await converse(
    two.port,
    "POST /leases HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
  ).catch(() => "reset");
  await two.close();
});

test("garbage ends the connection and nothing else", async () => {
  const [one, two] = await pair();
  await sendWhenUp(one, heartbeat(1n, 2n));
  const upgrade =
    `GET /raft/stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${STREAM_PROTOCOL}\r\n` +
    `x-server-from: 1\r\nx-etcd-cluster-id: ${CLUSTER.toString(16)}\r\n\r\n`;
  const frame = (bytes: string): string =>
    Buffer.from(frameHeader(bytes.length)).toString("latin1") + bytes;
  for (const garbage of ["\xff\xff\xff\xff", frame("\xff\xff\xff"), frame("\0\0")]) {
    assert.match(await converse(two.port, upgrade + garbage), /^HTTP\/1.1 101/);
  }
  assert.match(await converse(two.port, "GET / HTTP/9\r\n\r\n"), /^HTTP\/1.1 400/);
  assert.match(await converse(two.port, upgrade.replace("x-server-from: 1", "")), / 412 /);
  assert.match(await converse(two.port, upgrade.replace(/x-etcd.*\r\n/, "")), / 412 /);
  one.transport.send([{ ...heartbeat(1n, 2n), commit: 9 }]);
  assert.equal((await two.host.messages.next()).commit, 0);
  assert.equal((await two.host.messages.next()).commit, 9);
  await Promise.all([one.close(), two.close()]);
});

test("peers answer each other's requests, and refusals keep their text", async () => {
  const [one, two] = await pair();
  const peer = one.transport.peer(2n);
  assert.equal(await peer?.leaseRenew(17n), 17);
  await assert.rejects(async () => peer?.hashKV({ revision: 0 }), /not asked for here/);
  await Promise.all([one.close(), two.close()]);
});
