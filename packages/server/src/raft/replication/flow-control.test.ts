/** Flow control towards followers, limits on the leader's own log, and snapshots. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isRaftError } from "../errors.ts";
import { RaftError } from "../errors.ts";
import { createConfState, type Message, type Snapshot } from "../messages.ts";
import { drain, entriesOf, exchange, logTerms, messageFrom } from "../testing/direct.ts";
import { type Member, type Overrides, startMember, TestCluster } from "../testing/test-cluster.ts";

const isDropped = (error: unknown): boolean => isRaftError(error, "ErrProposalDropped");

/** Member 1 leads 2 and 3, of which only 2 answers, and only when the test says so. */
function startLeader(overrides: Overrides = {}): Member {
  const member = startMember(1n, { ...createConfState(), voters: [1n, 2n, 3n] }, overrides);
  member.raw.campaign();
  drain(member);
  exchange(member, messageFrom(2, "MsgVoteResp", 1));
  exchange(member, messageFrom(2, "MsgAppResp", 1, { index: 2 }));
  return member;
}

function propose(member: Member, ...payloads: (string | Uint8Array)[]): Message[] {
  member.raw.propose(payloads.map((payload) => Buffer.from(payload)));
  return appendsTo2(drain(member));
}

function appendsTo2(messages: readonly Message[]): Message[] {
  return messages.filter(({ type, to }) => type === "MsgApp" && to === 2n);
}

function snapshotAt(index: number, term: number, voters: bigint[]): Snapshot {
  return {
    metadata: { index, term, confState: { ...createConfState(), voters } },
    data: Buffer.from("state"),
  };
}

test("appends stream ahead of acknowledgements until the window is full", () => {
  const leader = startLeader({ maxInflightMsgs: 3 });
  const sizes = Array.from({ length: 5 }, (_, at) => propose(leader, String(at)).length);
  assert.deepEqual(sizes, [1, 1, 1, 0, 0]);
  const freed = appendsTo2(exchange(leader, messageFrom(2, "MsgAppResp", 1, { index: 3 })));
  assert.deepEqual(
    freed.flatMap(({ entries }) => entries.map(({ index }) => index)),
    [6, 7],
  );
});

test("the window also counts bytes, and lets the message through that crosses its limit", () => {
  const leader = startLeader({ maxInflightBytes: 100, maxSizePerMsg: 50 });
  const sizes = Array.from({ length: 4 }, () => propose(leader, Buffer.alloc(60)).length);
  assert.deepEqual(sizes, [1, 1, 0, 0]);
});

test("a full window is moved on by an empty append after a heartbeat's response", () => {
  const leader = startLeader({ maxInflightMsgs: 1 });
  propose(leader, "a");
  assert.deepEqual(propose(leader, "b"), []);
  const [probe, ...rest] = appendsTo2(exchange(leader, messageFrom(2, "MsgHeartbeatResp", 1)));
  assert.deepEqual([probe?.entries.length, rest.length], [0, 0]);
});

test("an append carries no more bytes than its limit, but at least one entry", () => {
  const leader = startLeader({ maxSizePerMsg: 100 });
  const big = Buffer.alloc(500);
  const small = Buffer.alloc(20);
  const [first] = propose(leader, big, small, small, small);
  assert.deepEqual(first?.entries.length, 1);
  const rest = appendsTo2(exchange(leader, messageFrom(2, "MsgAppResp", 1, { index: 3 })));
  assert.deepEqual(
    rest.map(({ entries }) => entries.length),
    [2, 1],
  );
});

test("a follower under probe gets one append per sign of life", () => {
  const leader = startLeader();
  leader.raw.reportUnreachable(2n);
  assert.equal(propose(leader, "a").length, 1);
  assert.equal(propose(leader, "b").length, 0);
  assert.equal(appendsTo2(exchange(leader, messageFrom(2, "MsgHeartbeatResp", 1))).length, 1);
  const resumed = exchange(leader, messageFrom(2, "MsgAppResp", 1, { index: 4 }));
  assert.equal(leader.raw.status().progress.get(2n)?.state, "StateReplicate");
  assert.equal(appendsTo2(resumed).length, 1, "the news of the commit");
});

test("proposals beyond the uncommitted limit are refused until some are applied", () => {
  const leader = startLeader({ maxUncommittedEntriesSize: 100 });
  propose(leader, Buffer.alloc(60));
  propose(leader, Buffer.alloc(40));
  assert.throws(() => propose(leader, "x"), isDropped);
  propose(leader, "");
  exchange(leader, messageFrom(2, "MsgAppResp", 1, { index: 3 }));
  propose(leader, Buffer.alloc(60));
});

test("one proposal of any size passes while nothing else is uncommitted", () => {
  const leader = startLeader({ maxUncommittedEntriesSize: 10 });
  propose(leader, Buffer.alloc(1000));
  assert.throws(() => propose(leader, "x"), isDropped);
});

test("an acknowledgement beyond the leader's log is ignored", () => {
  const leader = startLeader();
  exchange(leader, messageFrom(2, "MsgAppResp", 1, { index: 99 }));
  exchange(leader, messageFrom(3, "MsgAppResp", 1, { index: 99 }));
  assert.equal(leader.raw.basicStatus().commit, 2);
  assert.equal(leader.raw.status().progress.get(2n)?.match, 2);
});

test("a stale rejection changes nothing", () => {
  const leader = startLeader();
  propose(leader, "a");
  exchange(leader, messageFrom(2, "MsgAppResp", 1, { index: 3 }));
  const before = leader.raw.status().progress.get(2n);
  const stale = { index: 2, reject: true, rejectHint: 1, logTerm: 1 };
  assert.deepEqual(exchange(leader, messageFrom(2, "MsgAppResp", 1, stale)), []);
  assert.deepEqual(leader.raw.status().progress.get(2n), before);
});

/** A leader whose log no longer reaches back to what member 3 needs. */
function compactedCluster(): TestCluster {
  const cluster = new TestCluster(3);
  const { storage } = cluster.elect(1);
  cluster.isolate(3);
  cluster.propose(1, "a", "b", "c");
  cluster.settle();
  storage.createSnapshot(5, undefined, Buffer.from("abc"));
  storage.compact(5);
  return cluster;
}

test("a follower that the log cannot catch up gets a snapshot, and then the rest of the log", () => {
  const cluster = compactedCluster();
  cluster.propose(1, "d");
  cluster.settle();
  cluster.heal();
  cluster.tick(1, 1);
  cluster.settle();
  const follower = cluster.get(3);
  assert.equal(follower.storage.firstIndex(), 6);
  assert.deepEqual(follower.applied, ["d"]);
  assert.equal(cluster.get(1).raw.status().progress.get(3n)?.state, "StateReplicate");
});

test("while a snapshot is on its way nothing else is sent; its loss must be reported", () => {
  const cluster = compactedCluster();
  const { raw } = cluster.get(1);
  cluster.drop = ({ type }) => type === "MsgSnap";
  cluster.tick(1, 1);
  cluster.settle();
  assert.equal(raw.status().progress.get(3n)?.state, "StateSnapshot");
  cluster.heal();
  cluster.tick(1, 3);
  cluster.settle();
  assert.equal(raw.status().progress.get(3n)?.state, "StateSnapshot", "nothing tries again");
  raw.reportSnapshot(3n, "SnapshotFailure");
  assert.equal(raw.status().progress.get(3n)?.next, 3, "probed from where it was");
  cluster.tick(1, 1);
  cluster.settle();
  cluster.tick(1, 1);
  cluster.settle();
  assert.equal(raw.status().progress.get(3n)?.match, 5);
});

test("after a delivered snapshot the probe goes on behind it", () => {
  const cluster = compactedCluster();
  const { raw } = cluster.get(1);
  cluster.drop = ({ type }) => type === "MsgSnap";
  cluster.tick(1, 1);
  cluster.settle();
  raw.reportSnapshot(3n, "SnapshotFinish");
  const { state, next, paused } = raw.status().progress.get(3n)!;
  assert.deepEqual([state, next, paused], ["StateProbe", 6, true]);
});

test("a snapshot that is not ready yet is asked for again", () => {
  const cluster = compactedCluster();
  const { raw, storage } = cluster.get(1);
  const ready = storage.snapshot.bind(storage);
  let asked = 0;
  storage.snapshot = () => {
    asked++;
    if (asked === 1) {
      throw new RaftError("ErrSnapshotTemporarilyUnavailable");
    }
    return ready();
  };
  cluster.heal();
  cluster.tick(1, 1);
  cluster.settle();
  cluster.tick(1, 1);
  cluster.settle();
  assert.equal(asked, 2);
  assert.equal(raw.status().progress.get(3n)?.match, 5);
});

test("a follower ignores snapshots that are old, or of a group it is not in", () => {
  const cases = [snapshotAt(1, 1, [1n, 2n]), snapshotAt(9, 1, [2n, 3n])];
  for (const snapshot of cases) {
    const follower = startMember(1n, { ...createConfState(), voters: [1n, 2n] });
    const [answer] = exchange(follower, messageFrom(2, "MsgSnap", 2, { snapshot }));
    assert.deepEqual([answer?.type, answer?.index], ["MsgAppResp", 1]);
    assert.equal(follower.storage.lastIndex(), 1);
  }
});

test("a snapshot of what the log holds already only moves the commit index", () => {
  const follower = startMember(1n, { ...createConfState(), voters: [1n, 2n] });
  const entries = entriesOf(2, [1, 1]);
  exchange(follower, messageFrom(2, "MsgApp", 1, { index: 1, logTerm: 1, entries }));
  const snapshot = snapshotAt(3, 1, [1n, 2n]);
  const [answer] = exchange(follower, messageFrom(2, "MsgSnap", 1, { snapshot }));
  assert.equal(answer?.index, 3);
  assert.equal(follower.raw.basicStatus().commit, 3);
  assert.deepEqual(logTerms(follower), [1, 1]);
});

test("a snapshot replaces a log that ends elsewhere, and its configuration", () => {
  const follower = startMember(1n, { ...createConfState(), voters: [1n, 2n] });
  const entries = entriesOf(2, [1, 1]);
  exchange(follower, messageFrom(2, "MsgApp", 1, { index: 1, logTerm: 1, entries }));
  const snapshot = snapshotAt(3, 2, [1n, 2n, 3n]);
  const [answer] = exchange(follower, messageFrom(2, "MsgSnap", 2, { snapshot }));
  assert.equal(answer?.index, 3);
  assert.deepEqual(logTerms(follower), []);
  assert.deepEqual([...follower.raw.status().config.voters.incoming], [1n, 2n, 3n]);
});

test("a member in the middle of installing a snapshot does not campaign", () => {
  const follower = startMember(1n, { ...createConfState(), voters: [1n, 2n] });
  follower.raw.step(messageFrom(2, "MsgSnap", 2, { snapshot: snapshotAt(9, 2, [1n, 2n]) }));
  follower.raw.campaign();
  assert.equal(follower.raw.basicStatus().raftState, "StateFollower");
  drain(follower);
  follower.raw.campaign();
  assert.equal(follower.raw.basicStatus().raftState, "StateCandidate");
});
