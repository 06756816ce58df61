/** One test per claim of the Raft paper (extended version) about elections and the log. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { InvariantError } from "../lib/assert.ts";
import { MemoryStorage } from "./memory-storage.ts";
import { createMessage, type Message } from "./messages.ts";
import { drain, entriesOf, exchange, logTerms, messageFrom } from "./testing/direct.ts";
import {
  leadOf,
  type Member,
  restartMember,
  startMember,
  TestCluster,
} from "./testing/test-cluster.ts";

const THREE = {
  voters: [1n, 2n, 3n],
  learners: [],
  votersOutgoing: [],
  learnersNext: [],
  autoLeave: false,
};

/** Member 1 of three, whose log holds entries of `terms` from index 2 on, in the last one's term. */
function memberWithLog(terms: readonly number[], term = terms.at(-1) ?? 1): Member {
  const storage = new MemoryStorage();
  storage.applySnapshot({
    metadata: { index: 1, term: 1, confState: THREE },
    data: new Uint8Array(0),
  });
  storage.append(entriesOf(2, terms));
  storage.setHardState({ term, vote: 0n, commit: 1 });
  return restartMember(1n, storage);
}

function typesOf(messages: readonly Message[]): string[] {
  return messages.map(({ type, to }) => `${type} to ${to}`).sort();
}

test("§5.1: a member takes over a higher term and becomes a follower, whatever it was", () => {
  for (const type of ["MsgApp", "MsgHeartbeat", "MsgVote", "MsgAppResp"] as const) {
    for (const role of ["follower", "candidate", "leader"]) {
      const cluster = new TestCluster(3);
      const member = cluster.get(1);
      if (role !== "follower") {
        cluster.isolate(...(role === "candidate" ? [1] : []));
        cluster.elect(1);
      }
      exchange(member, messageFrom(2, type, 9));
      const { term, raftState } = member.raw.basicStatus();
      assert.deepEqual([term, raftState], [9, "StateFollower"], `${type} to a ${role}`);
    }
  }
});

test("§5.1: requests of an earlier term change nothing", () => {
  const member = memberWithLog([1, 2], 5);
  exchange(
    member,
    messageFrom(2, "MsgApp", 4, { index: 3, logTerm: 2, entries: entriesOf(4, [4]) }),
  );
  exchange(member, messageFrom(2, "MsgVote", 4, { index: 9, logTerm: 4 }));
  const { term, vote, lead } = member.raw.basicStatus();
  assert.deepEqual([term, vote, lead], [5, 0n, 0n]);
  assert.deepEqual(logTerms(member), [1, 2]);
});

test("§5.2: a follower that hears nothing starts an election; one that hears the leader does not", () => {
  const silent = startMember(1n, THREE);
  for (let i = 0; i < 20; i++) {
    silent.raw.tick();
  }
  assert.deepEqual(typesOf(drain(silent)), ["MsgVote to 2", "MsgVote to 3"]);

  const heard = startMember(1n, THREE);
  for (let i = 0; i < 100; i++) {
    heard.raw.tick();
    exchange(heard, messageFrom(2, "MsgHeartbeat", 1));
  }
  assert.equal(heard.raw.basicStatus().raftState, "StateFollower");
});

test("§5.2: a candidate enters the next term and votes for itself", () => {
  const member = startMember(1n, THREE);
  member.raw.campaign();
  drain(member);
  const { term, vote, raftState } = member.raw.basicStatus();
  assert.deepEqual([term, vote, raftState], [1, 1n, "StateCandidate"]);
});

test("§5.2: a majority of the votes makes a leader, a majority of refusals a follower", () => {
  const cases = [
    { votes: {}, state: "StateCandidate" },
    { votes: { 2: true }, state: "StateCandidate" },
    { votes: { 2: true, 3: true }, state: "StateLeader" },
    { votes: { 2: false, 3: false }, state: "StateCandidate" },
    { votes: { 2: false, 3: false, 4: false }, state: "StateFollower" },
    { votes: { 2: true, 3: false, 4: false, 5: true }, state: "StateLeader" },
  ];
  for (const { votes, state } of cases) {
    const member = startMember(1n, { ...THREE, voters: [1n, 2n, 3n, 4n, 5n] });
    member.raw.campaign();
    drain(member);
    for (const [from, granted] of Object.entries(votes)) {
      exchange(member, messageFrom(Number(from), "MsgVoteResp", 1, { reject: !granted }));
    }
    assert.equal(member.raw.basicStatus().raftState, state, JSON.stringify(votes));
  }
});

test("§5.2: a member votes once per term, and the same way when asked again", () => {
  const member = startMember(1n, THREE);
  const ask = (from: number): boolean[] =>
    exchange(member, messageFrom(from, "MsgVote", 1, { index: 1, logTerm: 1 })).map(
      ({ reject }) => reject,
    );
  assert.deepEqual(ask(2), [false]);
  assert.deepEqual(ask(3), [true]);
  assert.deepEqual(ask(2), [false]);
});

test("§5.2: a vote survives a restart", () => {
  const member = startMember(1n, THREE);
  exchange(member, messageFrom(2, "MsgVote", 1, { index: 1, logTerm: 1 }));
  const restarted = restartMember(1n, member.storage);
  const [answer] = exchange(restarted, messageFrom(3, "MsgVote", 1, { index: 1, logTerm: 1 }));
  assert.equal(answer?.reject, true);
});

test("§5.2: a candidate yields to a leader of its term", () => {
  for (const type of ["MsgApp", "MsgHeartbeat"] as const) {
    const member = startMember(1n, THREE);
    member.raw.campaign();
    drain(member);
    exchange(member, messageFrom(2, type, 1, { index: 1, logTerm: 1 }));
    assert.equal(member.raw.basicStatus().raftState, "StateFollower");
    assert.equal(leadOf(member), 2);
  }
});

test("§5.2: election timeouts are random, and different from one election to the next", () => {
  const member = startMember(1n, THREE);
  const timeouts = new Set<number>();
  for (let i = 0; i < 200; i++) {
    member.raw.campaign();
    timeouts.add(member.raw.raft.randomizedElectionTimeout);
  }
  assert.deepEqual(Math.min(...timeouts), 10);
  assert.deepEqual(Math.max(...timeouts), 19);
  assert.equal(timeouts.size, 10);
});

test("§5.3: the leader's entry is committed, and applied everywhere, once a majority has it", () => {
  const cluster = new TestCluster(3);
  cluster.elect(1);
  cluster.isolate(3);
  cluster.propose(1, "a", "b");
  cluster.settle();
  assert.deepEqual(cluster.get(1).applied, ["a", "b"]);
  assert.deepEqual(cluster.get(3).applied, []);
  cluster.heal();
  cluster.tick(1, 1);
  cluster.settle();
  assert.deepEqual(cluster.get(2).applied, ["a", "b"]);
  assert.deepEqual(cluster.get(3).applied, ["a", "b"]);
});

test("§5.3: an append is refused unless the previous entry matches", () => {
  const cases = [
    { index: 3, logTerm: 2, rejected: false },
    { index: 2, logTerm: 1, rejected: false },
    { index: 3, logTerm: 1, rejected: true },
    { index: 3, logTerm: 3, rejected: true },
    { index: 4, logTerm: 2, rejected: true },
  ];
  for (const { index, logTerm, rejected } of cases) {
    const [answer] = exchange(
      memberWithLog([1, 2]),
      messageFrom(2, "MsgApp", 3, { index, logTerm }),
    );
    assert.equal(answer?.type, "MsgAppResp");
    assert.equal(answer.reject, rejected, `${index}/${logTerm}`);
  }
});

test("§5.3: a conflicting tail is replaced, a matching one is kept however late the append", () => {
  const cases = [
    { prev: 3, prevTerm: 2, terms: [3], expected: [1, 2, 3] },
    { prev: 2, prevTerm: 1, terms: [3, 4], expected: [1, 3, 4] },
    { prev: 1, prevTerm: 1, terms: [1], expected: [1, 2] },
    { prev: 1, prevTerm: 1, terms: [3], expected: [3] },
    { prev: 1, prevTerm: 1, terms: [], expected: [1, 2] },
  ];
  for (const { prev, prevTerm, terms, expected } of cases) {
    const member = memberWithLog([1, 2]);
    const entries = entriesOf(prev + 1, terms);
    exchange(member, messageFrom(2, "MsgApp", 5, { index: prev, logTerm: prevTerm, entries }));
    assert.deepEqual(logTerms(member), expected);
    const stored = member.storage.entries(2, member.storage.lastIndex() + 1, Infinity);
    assert.deepEqual(
      stored.map(({ term }) => term),
      expected,
      "also in storage",
    );
  }
});

test("§5.3: a conflict with a committed entry is never resolved but reported", () => {
  const member = memberWithLog([1, 2]);
  exchange(member, messageFrom(2, "MsgHeartbeat", 3, { commit: 3 }));
  const entries = entriesOf(2, [1, 3]);
  // Below the commit index nothing is even looked at.
  exchange(member, messageFrom(2, "MsgApp", 3, { index: 1, logTerm: 1, entries }));
  assert.deepEqual(logTerms(member), [1, 2]);
  assert.throws(
    () => member.raw.raft.log.maybeAppend(1, 1, entries, 3),
    /entry 3 conflict with committed entry \[committed\(3\)\]/,
  );
});

test("§5.3: a leader brings every kind of diverged log into line with its own (figure 7)", () => {
  const leaderTerms = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
  const followers = [
    [1, 1, 1, 4, 4, 5, 5, 6, 6],
    [1, 1, 1, 4],
    [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
    [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
    [1, 1, 1, 4, 4, 4, 4],
    [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
  ];
  for (const terms of followers) {
    const cluster = new TestCluster(3);
    cluster.members[0] = memberWithLog(leaderTerms, 7);
    const follower = memberWithLog(terms, terms.at(-1));
    cluster.members[1] = restartMember(2n, follower.storage);
    cluster.get(1).raw.campaign();
    cluster.settle();
    assert.deepEqual(cluster.leaders(), [1], `against ${terms.join()}`);
    cluster.propose(1, "x");
    cluster.settle();
    assert.deepEqual(logTerms(cluster.get(2)), [...leaderTerms, 8, 8]);
  }
});

test("§5.3: logs that differ are reconciled with one probe per term, not per entry", () => {
  const cluster = new TestCluster(3);
  const [ours, theirs] = [new Array(30).fill(3), new Array(50).fill(2)];
  cluster.members[0] = memberWithLog([1, ...ours], 4);
  cluster.members[1] = restartMember(2n, memberWithLog([1, ...theirs]).storage);
  cluster.isolate(3);
  cluster.elect(1);
  const rejections = cluster.traffic.filter(({ type, reject }) => type === "MsgAppResp" && reject);
  assert.ok(rejections.length <= 2, `${rejections.length} rejections`);
  assert.deepEqual(logTerms(cluster.get(2)), logTerms(cluster.get(1)));
});

test("§5.4.1: a vote goes only to a log that is at least as complete", () => {
  const cases = [
    { ours: [1, 2], index: 3, logTerm: 2, granted: true },
    { ours: [1, 2], index: 4, logTerm: 2, granted: true },
    { ours: [1, 2], index: 2, logTerm: 2, granted: false },
    { ours: [1, 2], index: 9, logTerm: 1, granted: false },
    { ours: [1, 2], index: 2, logTerm: 3, granted: true },
  ];
  for (const { ours, index, logTerm, granted } of cases) {
    const [answer] = exchange(
      memberWithLog(ours),
      messageFrom(2, "MsgVote", 5, { index, logTerm }),
    );
    assert.equal(answer?.reject, !granted, `${index}/${logTerm}`);
  }
});

test("§5.4.2: entries of earlier terms are committed only along with one of the leader's own", () => {
  const leader = memberWithLog([1, 2], 2);
  leader.raw.campaign();
  drain(leader);
  exchange(leader, messageFrom(2, "MsgVoteResp", 3));
  assert.equal(leader.raw.basicStatus().raftState, "StateLeader");
  exchange(leader, messageFrom(2, "MsgAppResp", 3, { index: 3 }));
  assert.equal(leader.raw.basicStatus().commit, 1, "a majority has index 3, of term 2");
  exchange(leader, messageFrom(2, "MsgAppResp", 3, { index: 4 }));
  assert.equal(leader.raw.basicStatus().commit, 4, "the empty entry of term 3 takes all along");
});

test("§8: a new leader appends an empty entry of its term", () => {
  const cluster = new TestCluster(3);
  cluster.elect(1);
  assert.deepEqual(logTerms(cluster.get(2)), [1]);
  assert.equal(cluster.get(2).raw.basicStatus().commit, 2);
});

test("a commit index beyond the log stops the member: its log was lost", () => {
  const storage = new MemoryStorage();
  storage.setHardState({ term: 3, vote: 1n, commit: 5 });
  assert.throws(() => restartMember(1n, storage), InvariantError);
  const member = memberWithLog([1, 2]);
  const heartbeat = messageFrom(2, "MsgHeartbeat", 3, { commit: 9 });
  assert.throws(
    () => member.raw.step(heartbeat),
    /tocommit\(9\) is out of range \[lastIndex\(3\)\]/,
  );
});

test("an append whose entries do not follow one another is ignored", () => {
  const cases = [
    entriesOf(9, [3]),
    [...entriesOf(4, [3]), ...entriesOf(6, [3])],
    entriesOf(4, [3, 2]),
    entriesOf(4, [9]),
  ];
  for (const entries of cases) {
    const member = memberWithLog([1, 2]);
    const append = messageFrom(2, "MsgApp", 5, { index: 3, logTerm: 2, entries });
    assert.deepEqual(exchange(member, append), []);
    assert.deepEqual(logTerms(member), [1, 2]);
  }
});

test("a proposal that is delivered twice makes two entries and changes neither", () => {
  const cluster = new TestCluster(3);
  const { raw } = cluster.elect(1);
  const proposal = createMessage("MsgProp", 1n);
  proposal.from = 2n;
  proposal.entries = [{ term: 0, index: 0, type: "EntryNormal", data: Buffer.from("x") }];
  raw.step(proposal);
  raw.step({ ...proposal });
  cluster.settle();
  assert.deepEqual(cluster.get(3).applied, ["x", "x"]);
});
