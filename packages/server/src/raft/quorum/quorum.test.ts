import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { NodeId } from "../messages.ts";
import { dumbCommittedIndex, dumbVoteResult } from "../testing/dumb-quorum.ts";
import { jointCommittedIndex, jointVoteResult } from "./joint.ts";
import { majorityCommittedIndex, majorityVoteResult } from "./majority.ts";

const RUNS = { numRuns: 2000 };

const ids = fc.bigInt({ min: 1n, max: 9n });
const voterSet = fc.uniqueArray(ids, { maxLength: 9 }).map((list) => new Set<NodeId>(list));
const ackedMap = fc
  .array(fc.tuple(ids, fc.nat({ max: 12 })), { maxLength: 9 })
  .map((list) => new Map<NodeId, number>(list));
const voteMap = fc
  .array(fc.tuple(ids, fc.boolean()), { maxLength: 9 })
  .map((list) => new Map<NodeId, boolean>(list));

/** What the voters alone have acknowledged: the dumb version looks at every value it is given. */
function ofVoters<T>(map: ReadonlyMap<NodeId, T>, voters: ReadonlySet<NodeId>): Map<NodeId, T> {
  return new Map([...map].filter(([id]) => voters.has(id)));
}

test("a majority's committed index is the highest that more than half have reached", () => {
  fc.assert(
    fc.property(voterSet, ackedMap, (voters, acked) => {
      const index = majorityCommittedIndex(voters, { ackedIndex: (id) => acked.get(id) });
      assert.equal(index, dumbCommittedIndex(voters, ofVoters(acked, voters)));
    }),
    RUNS,
  );
});

test("a joint configuration commits what both majorities have", () => {
  fc.assert(
    fc.property(voterSet, voterSet, ackedMap, (incoming, outgoing, acked) => {
      const index = jointCommittedIndex(
        { incoming, outgoing },
        { ackedIndex: (id) => acked.get(id) },
      );
      const halves = [incoming, outgoing].map((half) =>
        dumbCommittedIndex(half, ofVoters(acked, half)),
      );
      assert.equal(index, Math.min(...halves));
    }),
    RUNS,
  );
});

test("an election is decided when the missing votes cannot change it", () => {
  fc.assert(
    fc.property(voterSet, voteMap, (voters, votes) => {
      assert.equal(majorityVoteResult(voters, votes), dumbVoteResult(voters, votes));
    }),
    RUNS,
  );
});

test("a joint election needs both majorities and fails with either", () => {
  fc.assert(
    fc.property(voterSet, voterSet, voteMap, (incoming, outgoing, votes) => {
      const halves = [dumbVoteResult(incoming, votes), dumbVoteResult(outgoing, votes)];
      const expected = halves.includes("VoteLost")
        ? "VoteLost"
        : halves.includes("VotePending")
          ? "VotePending"
          : "VoteWon";
      assert.equal(jointVoteResult({ incoming, outgoing }, votes), expected);
    }),
    RUNS,
  );
});
