/** Pre-vote, quorum checks, leases and leader transfer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isRaftError } from "../errors.ts";
import { exchange, messageFrom } from "../testing/direct.ts";
import { leadOf, TestCluster } from "../testing/test-cluster.ts";

const isDropped = (error: unknown): boolean => isRaftError(error, "ErrProposalDropped");

test("without pre-vote a member that returns from isolation unseats the leader", () => {
  const cluster = new TestCluster(3);
  cluster.elect(1);
  cluster.isolate(3);
  cluster.elect(3);
  cluster.heal();
  cluster.tick(3, 20);
  cluster.settle();
  assert.notEqual(cluster.get(1).raw.basicStatus().term, 1);
});

test("with pre-vote a member that returns from isolation has not raised its term", () => {
  const cluster = new TestCluster(3, { preVote: true });
  cluster.elect(1);
  cluster.isolate(3);
  for (let i = 0; i < 5; i++) {
    cluster.tick(3, 20);
    cluster.settle();
  }
  assert.equal(cluster.get(3).raw.basicStatus().term, 1);
  assert.equal(cluster.get(3).raw.basicStatus().raftState, "StatePreCandidate");
  cluster.heal();
  cluster.tick(1, 1);
  cluster.settle();
  assert.deepEqual(cluster.leaders(), [1]);
  assert.equal(leadOf(cluster.get(3)), 1);
});

test("a pre-vote never changes the term or the vote of the one who is asked", () => {
  const cluster = new TestCluster(3, { preVote: true });
  const [answer] = exchange(
    cluster.get(1),
    messageFrom(2, "MsgPreVote", 7, { index: 1, logTerm: 1 }),
  );
  assert.deepEqual([answer?.type, answer?.reject, answer?.term], ["MsgPreVoteResp", false, 7]);
  const { term, vote } = cluster.get(1).raw.basicStatus();
  assert.deepEqual([term, vote], [0, 0n]);
});

test("a pre-vote of an earlier term is answered with a refusal that carries the term", () => {
  const cluster = new TestCluster(3, { preVote: true });
  exchange(cluster.get(1), messageFrom(2, "MsgHeartbeat", 5));
  const [answer] = exchange(
    cluster.get(1),
    messageFrom(3, "MsgPreVote", 3, { index: 9, logTerm: 2 }),
  );
  assert.deepEqual([answer?.reject, answer?.term], [true, 5]);
});

test("a leader that hears no quorum for an election timeout steps down", () => {
  const cluster = new TestCluster(3, { checkQuorum: true });
  cluster.elect(1);
  cluster.isolate(1);
  for (let i = 0; i < 20; i++) {
    cluster.tick(1, 1);
    cluster.settle();
  }
  assert.deepEqual(cluster.leaders(), []);
  assert.throws(() => cluster.propose(1, "x"), isDropped);
});

test("a leader that hears a quorum goes on leading, whoever else is silent", () => {
  const cluster = new TestCluster(3, { checkQuorum: true }, 1);
  cluster.elect(1);
  cluster.isolate(3, 4);
  for (let i = 0; i < 50; i++) {
    cluster.tick(1, 1);
    cluster.settle();
  }
  assert.deepEqual(cluster.leaders(), [1]);
});

test("voters who hear their leader ignore everybody else's vote requests", () => {
  const cluster = new TestCluster(3, { checkQuorum: true });
  cluster.elect(1);
  const answers = exchange(
    cluster.get(2),
    messageFrom(3, "MsgVote", 9, { to: 2n, index: 99, logTerm: 8 }),
  );
  assert.deepEqual(answers, []);
  assert.equal(cluster.get(2).raw.basicStatus().term, 1);
  cluster.tick(2, 10);
  const later = exchange(
    cluster.get(2),
    messageFrom(3, "MsgVote", 9, { to: 2n, index: 99, logTerm: 8 }),
  );
  assert.equal(later[0]?.reject, false, "the lease has run out");
});

test("a vote request on the leader's own wish overrides the lease", () => {
  const cluster = new TestCluster(3, { checkQuorum: true, preVote: true });
  cluster.elect(1);
  cluster.get(1).raw.transferLeader(2n);
  cluster.settle();
  assert.deepEqual(cluster.leaders(), [2]);
});

test("a member stuck at a higher term makes the leader step down and is freed", () => {
  for (const overrides of [{ checkQuorum: true }, { preVote: true }]) {
    const cluster = new TestCluster(3, overrides);
    cluster.elect(1);
    exchange(cluster.get(3), messageFrom(2, "MsgAppResp", 5, { to: 3n }));
    assert.equal(cluster.get(3).raw.basicStatus().term, 5);
    cluster.tick(1, 1);
    cluster.settle();
    assert.equal(cluster.get(1).raw.basicStatus().term, 5);
    cluster.elect(3);
    assert.deepEqual(cluster.leaders(), [3]);
    assert.equal(leadOf(cluster.get(2)), 3);
  }
});

test("leadership is handed to a follower that must first catch up", () => {
  const cluster = new TestCluster(3);
  cluster.elect(1);
  cluster.isolate(3);
  cluster.propose(1, "a");
  cluster.settle();
  cluster.heal();
  cluster.get(1).raw.transferLeader(3n);
  cluster.settle();
  assert.deepEqual(cluster.leaders(), [3]);
  assert.deepEqual(cluster.get(3).applied, ["a"]);
});

test("a follower passes the wish for a transfer on to the leader", () => {
  const cluster = new TestCluster(3);
  cluster.elect(1);
  cluster.get(3).raw.transferLeader(2n);
  cluster.settle();
  assert.deepEqual(cluster.leaders(), [2]);
});

test("during a transfer proposals are refused; after an election timeout it is given up", () => {
  const cluster = new TestCluster(3);
  cluster.elect(1);
  cluster.isolate(3);
  cluster.get(1).raw.transferLeader(3n);
  cluster.settle();
  assert.equal(cluster.get(1).raw.basicStatus().leadTransferee, 3n);
  assert.throws(() => cluster.propose(1, "x"), isDropped);
  cluster.tick(1, 10);
  assert.equal(cluster.get(1).raw.basicStatus().leadTransferee, 0n);
  cluster.propose(1, "x");
});

test("learners, strangers and the leader itself are no transferees", () => {
  const cluster = new TestCluster(3, {}, 1);
  cluster.elect(1);
  for (const transferee of [4n, 9n, 1n]) {
    cluster.get(1).raw.transferLeader(transferee);
    assert.equal(cluster.get(1).raw.basicStatus().leadTransferee, 0n, `to ${transferee}`);
  }
});

test("a transfer to another member replaces the one under way", () => {
  const cluster = new TestCluster(3);
  cluster.elect(1);
  cluster.isolate(3);
  cluster.get(1).raw.transferLeader(3n);
  cluster.settle();
  cluster.heal();
  cluster.get(1).raw.transferLeader(2n);
  cluster.settle();
  assert.deepEqual(cluster.leaders(), [2]);
});

test("a learner does not campaign, not even when told to", () => {
  const cluster = new TestCluster(2, {}, 1);
  cluster.get(3).raw.campaign();
  cluster.tick(3, 50);
  exchange(cluster.get(3), messageFrom(1, "MsgTimeoutNow", 1, { to: 3n }));
  cluster.settle();
  assert.equal(cluster.get(3).raw.basicStatus().raftState, "StateFollower");
});

test("a learner answers when it is asked for its vote", () => {
  const cluster = new TestCluster(2, {}, 1);
  const [answer] = exchange(
    cluster.get(3),
    messageFrom(1, "MsgVote", 2, { to: 3n, index: 5, logTerm: 1 }),
  );
  assert.deepEqual([answer?.type, answer?.reject], ["MsgVoteResp", false]);
});
