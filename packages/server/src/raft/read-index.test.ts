/** Linearizable reads: what a confirmed index must cover, and when there must be none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ReadIndexQueue } from "./read-index.ts";
import { createMessage } from "./messages.ts";
import { drain, exchange, messageFrom } from "./testing/direct.ts";
import { restartMember, startMember, TestCluster } from "./testing/test-cluster.ts";

const context = (text: string): Uint8Array => Buffer.from(text);

function readsOf(cluster: TestCluster, id: number): [string, number][] {
  return cluster
    .get(id)
    .reads.map(({ context: bytes, index }) => [Buffer.from(bytes).toString(), index]);
}

const VOTERS = {
  voters: [1n, 2n, 3n],
  learners: [],
  votersOutgoing: [],
  learnersNext: [],
  autoLeave: false,
};

test("a read is confirmed at the commit index, on the leader, a follower and a learner", () => {
  const cluster = new TestCluster(3, {}, 1);
  cluster.elect(1);
  cluster.propose(1, "x");
  cluster.settle();
  for (const id of [1, 2, 4]) {
    cluster.get(id).raw.readIndex(context(`from ${id}`));
    cluster.settle();
    assert.deepEqual(readsOf(cluster, id), [[`from ${id}`, 3]]);
  }
});

test("a leader that is cut off confirms nothing", () => {
  const cluster = new TestCluster(3);
  cluster.elect(1);
  cluster.isolate(1);
  cluster.elect(2);
  cluster.propose(2, "x");
  cluster.settle();
  cluster.get(1).raw.readIndex(context("stale"));
  cluster.tick(1, 5);
  cluster.settle();
  assert.deepEqual(cluster.leaders(), [1, 2]);
  assert.deepEqual(readsOf(cluster, 1), []);
  cluster.heal();
  cluster.tick(1, 1);
  cluster.tick(2, 1);
  cluster.settle();
  assert.deepEqual(readsOf(cluster, 1), [], "nor does it later");
});

test("before the first commit of its term the leader lets reads wait", () => {
  const leader = startMember(1n, VOTERS);
  exchange(leader, messageFrom(2, "MsgHeartbeat", 4));
  leader.raw.campaign();
  drain(leader);
  exchange(leader, messageFrom(2, "MsgVoteResp", 5));
  leader.raw.readIndex(context("early"));
  drain(leader);
  const confirm = (): void => {
    leader.raw.tick();
    for (const heartbeat of drain(leader).filter(({ type }) => type === "MsgHeartbeat")) {
      const answer = { context: heartbeat.context };
      exchange(leader, messageFrom(Number(heartbeat.to), "MsgHeartbeatResp", 5, answer));
    }
  };
  confirm();
  assert.deepEqual(leader.reads, []);
  exchange(leader, messageFrom(2, "MsgAppResp", 5, { index: 2 }));
  confirm();
  assert.deepEqual(
    leader.reads.map(({ index }) => index),
    [2],
  );
});

test("a lone voter, too, lets reads wait for the first commit of its term", () => {
  const alone = startMember(1n, { ...VOTERS, voters: [1n] });
  alone.raw.campaign();
  drain(alone);
  alone.raw.propose([Buffer.from("acknowledged")]);
  drain(alone);
  assert.deepEqual(alone.applied, ["acknowledged"]);
  // Its commit index need not have reached the disk before it crashed.
  alone.storage.setHardState({ term: 1, vote: 1n, commit: 1 });
  const restarted = restartMember(1n, alone.storage);
  restarted.raw.campaign();
  restarted.raw.ready();
  restarted.raw.advance();
  restarted.raw.readIndex(context("x"));
  drain(restarted);
  assert.deepEqual(
    restarted.reads.map(({ index }) => index),
    [4],
  );
});

test("many reads share one round of heartbeats", () => {
  const cluster = new TestCluster(3);
  cluster.elect(1);
  for (let i = 0; i < 20; i++) {
    cluster.get(1).raw.readIndex(context(String(i)));
  }
  cluster.isolate();
  cluster.work();
  cluster.drop = ({ type, context: position }) =>
    type === "MsgHeartbeat" && Buffer.from(position).readDoubleBE() < 20;
  cluster.deliver();
  cluster.settle();
  assert.deepEqual(
    readsOf(cluster, 1).map(([text]) => text),
    Array.from({ length: 20 }, (_, i) => String(i)),
  );
});

test("a read without a leader gets no answer", () => {
  const cluster = new TestCluster(3);
  cluster.get(1).raw.readIndex(context("x"));
  cluster.settle();
  assert.deepEqual(readsOf(cluster, 1), []);
});

test("reads beyond the limit are dropped, the earlier ones answered", () => {
  const cluster = new TestCluster(3, { maxPendingReads: 2 });
  cluster.elect(1);
  for (const text of ["a", "b", "c"]) {
    cluster.get(1).raw.readIndex(context(text));
  }
  cluster.settle();
  assert.deepEqual(
    readsOf(cluster, 1).map(([text]) => text),
    ["a", "b"],
  );
});

test("lease-based reads are answered without a round", () => {
  const cluster = new TestCluster(3, { checkQuorum: true, readOnlyOption: "ReadOnlyLeaseBased" });
  cluster.elect(1);
  cluster.isolate(1);
  cluster.get(1).raw.readIndex(context("x"));
  cluster.settle();
  assert.deepEqual(readsOf(cluster, 1), [["x", 2]]);
});

test("reads are answered when the last other voter leaves", () => {
  const cluster = new TestCluster(2);
  cluster.elect(1);
  cluster.get(1).raw.proposeConfChange({
    type: "ConfChangeRemoveNode",
    nodeId: 2n,
    context: context(""),
    id: 1n,
  });
  cluster.drop = ({ type }) => type === "MsgHeartbeatResp";
  cluster.get(1).raw.readIndex(context("x"));
  cluster.settle();
  assert.deepEqual(
    readsOf(cluster, 1).map(([text]) => text),
    ["x"],
  );
});

test("an acknowledgement that was never asked for confirms nothing", () => {
  const voters = { incoming: new Set([1n, 2n, 3n]), outgoing: new Set<bigint>() };
  const forged = [new Uint8Array(3), new Uint8Array(8).fill(0xff), Buffer.alloc(9)];
  for (const position of [1.5, 7, Number.MAX_VALUE, Number.POSITIVE_INFINITY]) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(position);
    forged.push(bytes);
  }
  for (const bytes of forged) {
    const queue = new ReadIndexQueue();
    queue.add(createMessage("MsgReadIndex"), 5);
    for (const id of voters.incoming) {
      queue.acknowledge(id, bytes);
    }
    assert.deepEqual(queue.takeConfirmed(voters), [], bytes.toString());
  }
});
