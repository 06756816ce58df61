/** Membership changes through the log. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InvariantError } from "../../lib/assert.ts";
import { encodeConfChange } from "../codec.ts";
import { MemoryStorage } from "../memory-storage.ts";
import {
  CONF_CHANGE_TYPES,
  type ConfChangeSingle,
  type ConfChangeTransition,
  createConfState,
  EMPTY_BYTES,
  NO_LIMIT,
  type NodeId,
} from "../messages.ts";
import { parseConfChanges } from "../testing/conf-changes.ts";
import { exchange, messageFrom } from "../testing/direct.ts";
import { leadOf, restartMember, startMember, TestCluster } from "../testing/test-cluster.ts";
import { ProgressTracker } from "../tracker/progress-tracker.ts";
import { formatTrackerConfig, toConfState } from "../tracker/tracker-config.ts";
import { Changer } from "./changer.ts";
import type { AnyConfChange } from "./conf-change.ts";
import { ConfChangeError } from "./conf-change-error.ts";
import { restoreConfState, sameConfState } from "./restore.ts";

function change(
  text: string,
  transition: ConfChangeTransition = "ConfChangeTransitionAuto",
): AnyConfChange {
  return { transition, changes: parseConfChanges(text), context: EMPTY_BYTES };
}

function configOf(cluster: TestCluster, id: number): string {
  return formatTrackerConfig(cluster.get(id).raw.status().config);
}

test("a member is added as a learner, catches up without a vote, and is promoted", () => {
  const cluster = new TestCluster(1);
  const leader = cluster.elect(1);
  cluster.propose(1, "a");
  leader.raw.proposeConfChange(change("l2"));
  cluster.settle();
  cluster.members.push(restartMember(2n, new MemoryStorage()));
  leader.storage.createSnapshot(4, leader.confState, Buffer.from("a"));
  cluster.propose(1, "after");
  for (let i = 0; i < 3; i++) {
    cluster.tick(1, 1);
    cluster.settle();
  }
  assert.equal(configOf(cluster, 1), "voters=(1) learners=(2)");
  assert.equal(cluster.get(2).storage.snapshot().metadata.index, 4);
  assert.deepEqual(cluster.get(2).applied, ["after"]);

  cluster.isolate(2);
  cluster.propose(1, "b");
  cluster.settle();
  assert.deepEqual(leader.applied, ["a", "after", "b"], "a learner is not needed");

  cluster.heal();
  leader.raw.proposeConfChange(change("v2"));
  cluster.tick(1, 1);
  cluster.settle();
  assert.equal(configOf(cluster, 2), "voters=(1 2)");
  cluster.isolate(2);
  cluster.propose(1, "c");
  cluster.settle();
  assert.deepEqual(leader.applied, ["a", "after", "b"], "a voter is");
});

test("a second change is refused until the first is applied", () => {
  const cluster = new TestCluster(3);
  const { raw } = cluster.elect(1);
  raw.proposeConfChange(change("l4"));
  raw.proposeConfChange(change("l5"));
  cluster.settle();
  assert.equal(configOf(cluster, 1), "voters=(1 2 3) learners=(4)");
  raw.proposeConfChange(change("l5"));
  cluster.settle();
  assert.equal(configOf(cluster, 1), "voters=(1 2 3) learners=(4 5)");
});

test("a new leader takes its whole tail for a change that is not applied yet", () => {
  const cluster = new TestCluster(3);
  cluster.elect(1);
  cluster.propose(1, "a");
  cluster.settle();
  const next = cluster.get(2);
  cluster.drop = ({ type }) => type === "MsgAppResp";
  next.raw.campaign();
  cluster.settle();
  assert.deepEqual(cluster.leaders(), [2]);
  const at = next.raw.raft.log.lastIndex();
  assert.equal(next.raw.raft.pendingConfIndex, at - 1);
  next.raw.propose([Buffer.from("b")]);
  assert.ok(next.raw.raft.log.applied >= next.raw.raft.pendingConfIndex);
});

test("a member with a committed change to apply does not campaign", () => {
  const member = startMember(1n, { ...createConfState(), voters: [1n, 2n] });
  const { type, data } = encodeConfChange(change("l3"));
  const entries = [{ term: 1, index: 2, type, data }];
  member.raw.step(messageFrom(2, "MsgApp", 1, { index: 1, logTerm: 1, entries, commit: 2 }));
  member.raw.campaign();
  assert.equal(member.raw.basicStatus().raftState, "StateFollower");
  member.raw.ready();
  member.raw.applyConfChange(change("l3"));
  member.raw.advance();
  member.raw.campaign();
  assert.equal(member.raw.basicStatus().raftState, "StateCandidate");
});

test("a removed member does not disturb the others", () => {
  const cluster = new TestCluster(3, { checkQuorum: true, preVote: true });
  const { raw } = cluster.elect(1);
  cluster.isolate(3);
  raw.proposeConfChange(change("r3"));
  cluster.settle();
  cluster.heal();
  for (let i = 0; i < 30; i++) {
    cluster.tick(1, 1);
    cluster.tick(2, 1);
    cluster.tick(3, 5);
    cluster.settle();
  }
  assert.deepEqual(cluster.leaders(), [1]);
  assert.equal(raw.basicStatus().term, 1);
});

test("a leader that removes itself leads until that is applied, and then steps down if asked", () => {
  for (const stepDownOnRemoval of [true, false]) {
    const cluster = new TestCluster(3, { stepDownOnRemoval });
    const { raw } = cluster.elect(1);
    raw.proposeConfChange(change("r1"));
    cluster.settle();
    assert.deepEqual(cluster.leaders(), stepDownOnRemoval ? [] : [1]);
    assert.throws(() => raw.propose([Buffer.from("x")]), /proposal dropped/);
    assert.equal(configOf(cluster, 2), "voters=(2 3)");
    assert.equal(leadOf(cluster.elect(2)), 2);
  }
});

test("several changes at once go through a joint configuration that is left by itself", () => {
  const cluster = new TestCluster(4);
  cluster.elect(1);
  cluster.get(1).raw.proposeConfChange(change("r3 r4"));
  cluster.work();
  assert.deepEqual(configOf(cluster, 1), "voters=(1 2 3 4)");
  cluster.settle();
  for (const id of [1, 2]) {
    assert.equal(configOf(cluster, id), "voters=(1 2)");
  }
});

test("a joint configuration needs both majorities", () => {
  const cluster = new TestCluster(3);
  const { raw } = cluster.elect(1);
  raw.proposeConfChange(change("r2 r3", "ConfChangeTransitionJointExplicit"));
  cluster.settle();
  assert.equal(configOf(cluster, 1), "voters=(1)&&(1 2 3)");
  cluster.isolate(2, 3);
  cluster.propose(1, "x");
  cluster.settle();
  assert.deepEqual(cluster.get(1).applied, []);
  cluster.heal();
  cluster.tick(1, 1);
  cluster.settle();
  raw.proposeConfChange(change(""));
  cluster.settle();
  assert.equal(configOf(cluster, 1), "voters=(1)");
  cluster.isolate(2, 3);
  cluster.propose(1, "y");
  cluster.settle();
  assert.deepEqual(cluster.get(1).applied, ["x", "y"]);
});

test("a transfer under way holds up leaving a joint configuration until it is given up", () => {
  const cluster = new TestCluster(3);
  const { raw } = cluster.elect(1);
  cluster.drop = ({ type }) => type === "MsgTimeoutNow";
  raw.proposeConfChange(change("l3", "ConfChangeTransitionJointImplicit"));
  raw.transferLeader(2n);
  cluster.settle();
  const joint = "voters=(1 2)&&(1 2 3) learners_next=(3) autoleave";
  assert.equal(configOf(cluster, 1), joint);
  cluster.tick(1, 10);
  cluster.propose(1, "x");
  cluster.settle();
  assert.equal(configOf(cluster, 2), "voters=(1 2) learners=(3)");
});

test("what is no membership change does not get into the log as one", () => {
  const cluster = new TestCluster(3);
  const leader = cluster.elect(1);
  const entries = [
    { term: 0, index: 0, type: "EntryConfChange" as const, data: Buffer.from("nonsense") },
  ];
  exchange(leader, messageFrom(2, "MsgProp", 0, { entries }));
  const { log } = leader.raw.raft;
  const [last] = log.entries(log.lastIndex(), NO_LIMIT);
  assert.deepEqual([last?.type, last?.data.length], ["EntryNormal", 0]);
});

test("a change that would fail when applied does not get into the log", () => {
  const cluster = new TestCluster(3);
  const { raw } = cluster.elect(1);
  for (const impossible of [change("r1 r2 r3"), change("l1 l2 l3")]) {
    raw.proposeConfChange(impossible);
    cluster.settle();
    assert.equal(configOf(cluster, 1), "voters=(1 2 3)");
  }
});

test("a committed change that does not fit the configuration ends the member", () => {
  const { raw } = startMember(1n, { ...createConfState(), voters: [1n] });
  assert.throws(() => raw.applyConfChange(change("r1")), InvariantError);
  assert.throws(() => raw.applyConfChange(change("")), InvariantError);
});

test("a change applied while a snapshot is being installed belongs to what that replaces", () => {
  const old = { ...createConfState(), voters: [1n, 2n] };
  const { raw } = startMember(1n, old, { asyncStorageWrites: true });
  const confState = { ...createConfState(), voters: [1n, 2n, 5n] };
  const snapshot = { metadata: { index: 9, term: 2, confState }, data: EMPTY_BYTES };
  raw.step(messageFrom(2, "MsgSnap", 2, { snapshot }));
  assert.deepEqual(raw.applyConfChange(change("l4")).learners, [4n]);
  assert.equal(formatTrackerConfig(raw.status().config), "voters=(1 2 5)");
  for (const response of raw.ready().messages.flatMap(({ responses }) => responses)) {
    if (response.to === 1n) {
      raw.step(response);
    }
  }
  assert.deepEqual(raw.applyConfChange(change("l4")).voters, [1n, 2n, 5n]);
});

test("a change whose ids are all zero does nothing", () => {
  const { raw } = startMember(1n, { ...createConfState(), voters: [1n, 2n] });
  const state = raw.applyConfChange(change("v0"));
  assert.deepEqual(state.voters, [1n, 2n]);
});

const singles: fc.Arbitrary<ConfChangeSingle> = fc.record({
  type: fc.constantFrom(...CONF_CHANGE_TYPES),
  nodeId: fc.bigInt({ min: 1n, max: 6n }),
});

/** Applies random changes, those that are refused left out. */
function changedTracker(steps: readonly ConfChangeSingle[][]): ProgressTracker {
  const tracker = new ProgressTracker(8, NO_LIMIT);
  restoreConfState(tracker, { ...createConfState(), voters: [1n] }, 1);
  for (const [at, changes] of steps.entries()) {
    const changer = new Changer(tracker, 1);
    try {
      const joint = tracker.config.voters.outgoing.size > 0;
      const { config, progress } = joint
        ? changer.leaveJoint()
        : changer.enterJoint(at % 2 === 0, changes);
      tracker.install(config, progress);
    } catch (error) {
      assert.ok(error instanceof ConfChangeError, String(error));
    }
  }
  return tracker;
}

test("every configuration that changes lead to can be stored and restored", () => {
  fc.assert(
    fc.property(fc.array(fc.array(singles, { maxLength: 5 }), { maxLength: 6 }), (steps) => {
      const tracker = changedTracker(steps);
      const state = toConfState(tracker.config);
      const restored = new ProgressTracker(8, NO_LIMIT);
      restoreConfState(restored, state, 1);
      assert.ok(sameConfState(toConfState(restored.config), state));
      assert.deepEqual(
        restored.ordered.map(({ id, isLearner }) => [id, isLearner]),
        tracker.ordered.map(({ id, isLearner }) => [id, isLearner]),
      );
    }),
    { numRuns: 1000 },
  );
});

test("one joint change equals the same changes made one by one", () => {
  const allowed = (changes: ConfChangeSingle[]): boolean =>
    !changes.some(({ type, nodeId }) => type === "ConfChangeRemoveNode" && nodeId === 1n) &&
    !changes.some(({ type, nodeId }) => type === "ConfChangeAddLearnerNode" && nodeId === 1n);
  fc.assert(
    fc.property(fc.array(singles, { maxLength: 8 }).filter(allowed), (changes) => {
      const start = { ...createConfState(), voters: [1n] };
      const single = new ProgressTracker(8, NO_LIMIT);
      restoreConfState(single, start, 1);
      for (const one of changes) {
        const { config, progress } = new Changer(single, 1).simple([one]);
        single.install(config, progress);
      }
      const joint = new ProgressTracker(8, NO_LIMIT);
      restoreConfState(joint, start, 1);
      const entered = new Changer(joint, 1).enterJoint(false, changes);
      joint.install(entered.config, entered.progress);
      const left = new Changer(joint, 1).leaveJoint();
      joint.install(left.config, left.progress);
      assert.deepEqual(toConfState(joint.config), toConfState(single.config));
      const roles = (tracker: ProgressTracker): [NodeId, boolean][] =>
        tracker.ordered.map(({ id, isLearner }) => [id, isLearner]);
      assert.deepEqual(roles(joint), roles(single));
    }),
    { numRuns: 1000 },
  );
});
