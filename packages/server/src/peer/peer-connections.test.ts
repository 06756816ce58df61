import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import type { Clock } from "../env/env.ts";
import { nodeClock } from "../env/node-env.ts";
import { ManualClock } from "../env/testing/manual-clock.ts";
import type { PeerRequests } from "../member/ports.ts";
import type { PeerCall } from "./peer-client.ts";
import { PeerConnections } from "./peer-connections.ts";
import { PATHS } from "./protocol.ts";
import { converse, type PeerFixture, startPeer } from "./testing/peer-fixture.ts";
import { Relay } from "./testing/relay.ts";

const call: PeerCall = { method: "GET", path: PATHS.version, timeoutMs: 5_000 };
/** As many as are under way at a time. */
const FULL = 32;

interface Pair {
  readonly one: PeerFixture;
  readonly two: PeerFixture;
  /** Before two's port. */
  readonly relay: Relay;
  close(): Promise<void>;
}

/** Two members, the requests of the first to the second over the relay. */
async function pair(): Promise<Pair> {
  const [one, two] = [await startPeer({ id: 1n }), await startPeer({ id: 2n })];
  const relay = await Relay.to(two.port);
  one.transport.addPeer(2n, [relay.url]);
  const close = async (): Promise<void> => {
    await Promise.all([one.close(), two.close()]);
    relay.close();
  };
  return { one, two, relay, close };
}

function peerOf({ one }: Pair): PeerRequests {
  const peer = one.transport.peer(2n);
  assert.ok(peer !== undefined);
  return peer;
}

function renewMany(pair: Pair, count: number): Promise<number>[] {
  return Array.from({ length: count }, (_none, i) => peerOf(pair).leaseRenew(BigInt(i)));
}

test("many requests share few connections, each gets its own answer", async () => {
  const two = await pair();
  for (let i = 0; i < 50; i++) assert.equal(await peerOf(two).leaseRenew(BigInt(i)), i);
  // One of them is the Raft stream's.
  assert.ok(two.relay.accepted <= 2, `${two.relay.accepted} connections`);
  const answers = await Promise.all(renewMany(two, 500));
  assert.deepEqual(
    answers,
    answers.map((_answer, i) => i),
  );
  assert.ok(two.relay.accepted <= 1 + FULL, `${two.relay.accepted} connections`);
  await two.close();
});

test("a connection that was closed while nobody used it costs no request", async () => {
  const two = await pair();
  await Promise.all(renewMany(two, FULL));
  two.relay.cut();
  // Sent before anybody here can have seen the end of the connections.
  const answers = await Promise.all(renewMany(two, FULL));
  assert.equal(answers.length, FULL);
  await two.close();
});

test("what cannot be repeated has a connection of its own", async () => {
  const two = await pair();
  await peerOf(two).leaseRenew(1n);
  const { accepted } = two.relay;
  await peerOf(two).promoteMember(7n);
  assert.equal(two.relay.accepted, accepted + 1);
  await two.close();
});

/** Why each of these requests failed. */
async function failures(requests: readonly Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(requests);
  return settled.map((each) => (each.status === "rejected" ? String(each.reason) : "answered"));
}

const leavers: Record<string, (pair: Pair) => unknown> = {
  "a member stops": ({ one }) => one.transport.close(),
  "a peer is removed": ({ one }) => one.transport.removePeer(2n),
  "a peer moves": ({ one, two }) => one.transport.updatePeer(2n, [two.url]),
};

for (const [name, leave] of Object.entries(leavers)) {
  test(`when ${name}, no connection and no request to where it was is left`, async () => {
    const two = await pair();
    await peerOf(two).leaseRenew(1n);
    two.relay.swallows = true;
    const requests = renewMany(two, FULL + 10);
    await leave(two);
    for (const reason of await failures(requests)) {
      assert.doesNotMatch(reason, /answered|no answer|no turn/);
    }
    await two.close();
  });
}

test("nobody waits for a turn longer than for an answer, nor after the end", async () => {
  const two = await startPeer({ id: 2n });
  const relay = await Relay.to(two.port);
  relay.swallows = true;
  const clock = new ManualClock();
  const connections = new PeerConnections(clock);
  const underWay = Array.from({ length: FULL }, () => connections.call(relay.url, call));
  const waits = connections.call(relay.url, call);
  clock.advance(call.timeoutMs);
  await assert.rejects(waits, /no turn in 5000 ms/);
  connections.close();
  await failures(underWay);
  await assert.rejects(connections.call(two.url, call), /closed/);
  relay.close();
  await two.close();
});

/** A clock on which whatever is to happen after a second or more happens after some milliseconds. */
const hasty: Clock = {
  ...nodeClock,
  setTimer: (delayMs, callback) => nodeClock.setTimer(delayMs / 100, callback),
};

test("a connection that does not say what else it wants is closed", async () => {
  const two = await startPeer({ id: 2n, clock: hasty });
  const socket = connect(two.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(`GET ${PATHS.version} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await new Promise((resolve) => socket.once("data", resolve));
  let answer = "";
  socket.on("data", (bytes) => (answer += bytes.toString()));
  const ended = new Promise((resolve) => socket.once("close", resolve));
  socket.write(`GET ${PATHS.version} HTTP/1.1\r\nx: `);
  // Always busy, and never done.
  const dribble = (): void => {
    if (socket.destroyed) return;
    socket.write("x");
    nodeClock.setTimer(1, dribble);
  };
  dribble();
  await ended;
  assert.equal(answer, "", "not for the length of what it says");
  await two.close();
});

test("a connection has one request at a time", async () => {
  const two = await startPeer({ id: 2n });
  const request = `GET ${PATHS.version} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const answers = await converse(two.port, request + request).catch(() => "reset");
  assert.doesNotMatch(answers, /200 OK[^]*200 OK/);
  await two.close();
});
