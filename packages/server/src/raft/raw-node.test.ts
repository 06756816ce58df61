/** What the owner of a RawNode must do, and what it can rely on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { InvariantError } from "../lib/assert.ts";
import { type RaftErrorCode, isRaftError } from "./errors.ts";
import {
  createMessage,
  type Entry,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  type Message,
  MESSAGE_TYPES,
  isLocalMessage,
  isResponseMessage,
} from "./messages.ts";
import { RawNode } from "./raw-node.ts";
import { MemoryStorage } from "./memory-storage.ts";
import { exchange, messageFrom } from "./testing/direct.ts";
import { createPrng } from "./testing/prng.ts";
import { type Member, startMember, TestCluster } from "./testing/test-cluster.ts";

function confStateOf(...voters: bigint[]) {
  return { voters, learners: [], votersOutgoing: [], learnersNext: [], autoLeave: false };
}

function refusal(code: RaftErrorCode): (error: unknown) => boolean {
  return (error) => isRaftError(error, code);
}

/** A lone voter that leads, its storage work done up to here. */
function startAsyncLeader(): Member {
  const member = startMember(1n, confStateOf(1n), { asyncStorageWrites: true });
  member.raw.campaign();
  while (member.raw.hasReady()) {
    for (const message of member.raw.ready().messages) {
      finish(member, message);
    }
  }
  assert.equal(member.raw.basicStatus().raftState, "StateLeader");
  return member;
}

/** Does a storage message's work and delivers its responses. */
function finish({ raw, storage }: Member, message: Message): void {
  if (message.to === LOCAL_APPEND_THREAD) {
    storage.append(message.entries);
  }
  for (const response of message.responses) {
    raw.step(response);
  }
}

function only(messages: readonly Message[], to: bigint): Message {
  const found = messages.filter((message) => message.to === to);
  assert.equal(found.length, 1);
  return found[0]!;
}

test("an invalid configuration is refused with its reason", () => {
  const valid = {
    id: 1n,
    electionTick: 10,
    heartbeatTick: 1,
    storage: new MemoryStorage(),
    random: createPrng(1),
    maxInflightMsgs: 1,
  };
  const cases = [
    { id: 0n },
    { id: LOCAL_APPEND_THREAD },
    { heartbeatTick: 0 },
    { electionTick: 1 },
    { maxInflightMsgs: 0 },
    { maxInflightBytes: 10, maxSizePerMsg: 11 },
    { readOnlyOption: "ReadOnlyLeaseBased" as const },
  ];
  for (const wrong of cases) {
    const config = { ...valid, ...wrong };
    assert.throws(() => new RawNode(config), refusal("ErrInvalidConfig"));
  }
  assert.equal(new RawNode(valid).hasReady(), false);
});

test("peers may not send what only the member itself can say", () => {
  const { raw } = startMember(1n, confStateOf(1n, 2n));
  for (const type of MESSAGE_TYPES.filter(isLocalMessage)) {
    assert.throws(() => raw.step(messageFrom(2, type, 1)), refusal("ErrStepLocalMsg"), type);
  }
});

test("strangers have nothing to answer", () => {
  const { raw } = startMember(1n, confStateOf(1n, 2n));
  const types = MESSAGE_TYPES.filter((type) => isResponseMessage(type) && !isLocalMessage(type));
  assert.ok(types.length > 0);
  for (const type of types) {
    assert.throws(() => raw.step(messageFrom(9, type, 1)), refusal("ErrStepPeerNotFound"), type);
  }
});

test("a proposal without a leader, or of nothing, is refused", () => {
  const { raw } = startMember(1n, confStateOf(1n, 2n));
  assert.throws(() => raw.propose([Buffer.from("x")]), refusal("ErrProposalDropped"));
  raw.campaign();
  assert.throws(() => raw.propose([Buffer.from("x")]), refusal("ErrProposalDropped"));
  const empty = messageFrom(2, "MsgProp", 0);
  assert.throws(() => raw.step(empty), refusal("ErrProposalDropped"));
});

test("followers forward proposals unless told not to", () => {
  const cluster = new TestCluster(3);
  cluster.elect(1);
  cluster.propose(2, "a", "b");
  cluster.settle();
  assert.deepEqual(cluster.get(1).applied, ["a", "b"]);

  const strict = new TestCluster(3, { disableProposalForwarding: true });
  strict.elect(1);
  assert.throws(() => strict.propose(2, "a"), refusal("ErrProposalDropped"));
});

test("entries proposed together are consecutive", () => {
  const cluster = new TestCluster(3);
  cluster.elect(1);
  cluster.propose(1, "a", "b", "c");
  cluster.propose(1, "d");
  cluster.settle();
  assert.deepEqual(cluster.get(3).applied, ["a", "b", "c", "d"]);
});

test("a vote waits for the disk, and a granted one says so by mustSync", () => {
  const { raw } = startMember(1n, confStateOf(1n, 2n), { asyncStorageWrites: true });
  raw.step(messageFrom(2, "MsgVote", 3, { index: 1, logTerm: 1 }));
  const ready = raw.ready();
  assert.equal(ready.mustSync, true);
  const append = only(ready.messages, LOCAL_APPEND_THREAD);
  assert.equal(ready.messages.length, 1, "no answer goes out beside the write");
  assert.deepEqual([append.term, append.vote, append.commit], [3, 2n, 1]);
  assert.deepEqual(
    append.responses.map(({ type, to }) => [type, to]),
    [["MsgVoteResp", 2n]],
  );
});

test("a new commit index alone needs no sync", () => {
  const cluster = new TestCluster(2);
  cluster.elect(1);
  cluster.drop = ({ to }) => to === 2n;
  cluster.propose(1, "x");
  cluster.settle();
  const follower = cluster.get(2);
  const entry: Entry = { term: 1, index: 3, type: "EntryNormal", data: Buffer.from("x") };
  exchange(
    follower,
    messageFrom(1, "MsgApp", 1, { to: 2n, index: 2, logTerm: 1, entries: [entry] }),
  );
  follower.raw.step(messageFrom(1, "MsgHeartbeat", 1, { to: 2n, commit: 3 }));
  const ready = follower.raw.ready();
  assert.equal(ready.hardState?.commit, 3);
  assert.equal(ready.mustSync, false);
});

test("a leader sends entries beside its own write, but counts itself only after it", () => {
  const member = startAsyncLeader();
  const { raw } = member;
  const before = raw.basicStatus().commit;
  raw.propose([Buffer.from("x")]);
  const write = only(raw.ready().messages, LOCAL_APPEND_THREAD);
  assert.equal(raw.basicStatus().commit, before);
  finish(member, write);
  assert.equal(raw.basicStatus().commit, before + 1);
  const apply = only(raw.ready().messages, LOCAL_APPLY_THREAD);
  assert.deepEqual(
    apply.entries.map(({ data }) => String(data)),
    ["x"],
  );
  assert.equal(raw.basicStatus().applied, before);
  finish(member, apply);
  assert.equal(raw.basicStatus().applied, before + 1);
});

test("appends overlap, and each acknowledgement commits its own part", () => {
  const member = startAsyncLeader();
  const { raw } = member;
  const base = raw.basicStatus().commit;
  const writes = ["a", "b", "c"].map((payload) => {
    raw.propose([Buffer.from(payload)]);
    return only(raw.ready().messages, LOCAL_APPEND_THREAD);
  });
  assert.deepEqual(
    writes.map(({ entries }) => entries.length),
    [1, 1, 1],
  );
  for (const [at, write] of writes.entries()) {
    finish(member, write);
    assert.equal(raw.basicStatus().commit, base + at + 1);
  }
});

test("an acknowledgement from before a change of term releases nothing", () => {
  const member = startMember(1n, confStateOf(1n, 2n, 3n), { asyncStorageWrites: true });
  const { raw } = member;
  const entries: Entry[] = [{ term: 1, index: 2, type: "EntryNormal", data: Buffer.from("x") }];
  raw.step(messageFrom(2, "MsgApp", 1, { index: 1, logTerm: 1, entries }));
  const write = only(raw.ready().messages, LOCAL_APPEND_THREAD);
  raw.step(messageFrom(3, "MsgHeartbeat", 2));
  finish(member, { ...write, responses: write.responses.filter(({ to }) => to === 1n) });
  assert.equal(raw.raft.log.unstable.length, 1, "storage may not be believed yet");
  const again = only(raw.ready().messages, LOCAL_APPEND_THREAD);
  finish(member, { ...again, responses: again.responses.filter(({ to }) => to === 1n) });
  assert.equal(raw.raft.log.unstable.length, 0);
});

test("in asynchronous mode nothing is applied before it is durable here", () => {
  const member = startMember(1n, confStateOf(1n, 2n, 3n), { asyncStorageWrites: true });
  const { raw } = member;
  const entries: Entry[] = [{ term: 1, index: 2, type: "EntryNormal", data: Buffer.from("x") }];
  raw.step(messageFrom(2, "MsgApp", 1, { index: 1, logTerm: 1, entries, commit: 2 }));
  const { messages, committedEntries } = raw.ready();
  assert.equal(committedEntries.length, 0);
  const write = only(messages, LOCAL_APPEND_THREAD);
  finish(member, { ...write, responses: write.responses.filter(({ to }) => to === 1n) });
  assert.equal(raw.ready().committedEntries.length, 1);
});

test("what is handed out for applying stays within its byte limit until confirmed", () => {
  const member = startMember(1n, confStateOf(1n), {
    asyncStorageWrites: true,
    maxCommittedSizePerReady: 250,
  });
  const { raw } = member;
  raw.campaign();
  const handedOut: Message[] = [];
  const pump = (): void => {
    while (raw.hasReady()) {
      for (const message of raw.ready().messages) {
        if (message.to === LOCAL_APPLY_THREAD) {
          handedOut.push(message);
        } else {
          finish(member, message);
        }
      }
    }
  };
  pump();
  finish(member, handedOut.shift()!);
  raw.propose(Array.from({ length: 10 }, () => Buffer.alloc(100)));
  pump();
  assert.deepEqual(
    handedOut.map(({ entries }) => entries.length),
    [2],
  );
  while (handedOut.length > 0) {
    finish(member, handedOut.shift()!);
    pump();
    assert.ok(handedOut.every(({ entries }) => entries.length <= 2));
  }
  assert.equal(raw.basicStatus().applied, raw.basicStatus().commit);
});

test("plain mode insists on advance, asynchronous mode knows none", () => {
  const plain = startMember(1n, confStateOf(1n));
  plain.raw.campaign();
  plain.raw.ready();
  assert.throws(() => plain.raw.ready(), InvariantError);
  const { raw } = startAsyncLeader();
  assert.throws(() => raw.advance(), InvariantError);
});

test("a Ready is not given twice, and none is left when its work is done", () => {
  const cluster = new TestCluster(3);
  cluster.elect(1);
  for (const { raw } of cluster.members) {
    assert.equal(raw.hasReady(), false);
    const ready = raw.ready();
    assert.deepEqual(
      [ready.entries, ready.messages, ready.committedEntries, ready.hardState, ready.softState],
      [[], [], [], undefined, undefined],
    );
    raw.advance();
  }
});

test("entries in a Ready are not changed by what the member does next", () => {
  const member = startMember(1n, confStateOf(1n, 2n, 3n), { asyncStorageWrites: true });
  const { raw } = member;
  const first: Entry[] = [{ term: 1, index: 2, type: "EntryNormal", data: Buffer.from("x") }];
  raw.step(messageFrom(2, "MsgApp", 1, { index: 1, logTerm: 1, entries: first }));
  const { entries } = raw.ready();
  const second: Entry[] = [{ term: 2, index: 2, type: "EntryNormal", data: Buffer.from("y") }];
  raw.step(messageFrom(3, "MsgApp", 2, { index: 1, logTerm: 1, entries: second }));
  assert.deepEqual(
    entries.map(({ term, data }) => [term, String(data)]),
    [[1, "x"]],
  );
  assert.deepEqual(
    raw.ready().entries.map(({ term }) => term),
    [2],
  );
});

test("a leader's status shows how far each member is", () => {
  const cluster = new TestCluster(2, {}, 1);
  cluster.elect(1);
  cluster.isolate(3);
  cluster.propose(1, "x");
  cluster.settle();
  const { progress, lead, commit, applied } = cluster.get(1).raw.status();
  assert.deepEqual([lead, commit, applied], [1n, 3, 3]);
  assert.deepEqual(
    [...progress].map(([id, { match }]) => [id, match]),
    [
      [1n, 3],
      [2n, 3],
      [3n, 2],
    ],
  );
  assert.deepEqual(
    [...progress.values()].map(({ isLearner }) => isLearner),
    [false, false, true],
  );
  assert.equal(cluster.get(2).raw.status().progress.size, 0);
});

test("a message's fields keep one shape, whatever its type", () => {
  const shapes = new Set(MESSAGE_TYPES.map((type) => Object.keys(createMessage(type)).join()));
  assert.equal(shapes.size, 1);
});
