/** Whatever a peer says, a member either copes or stops itself: no third way out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InvariantError } from "../lib/assert.ts";
import { RaftError } from "./errors.ts";
import { createConfState, isLocalMessage, MESSAGE_TYPES } from "./messages.ts";
import { messagesOf, peerMessages } from "./testing/arbitraries.ts";
import { handleReady, type Member, startMember } from "./testing/test-cluster.ts";

const small = messagesOf(
  MESSAGE_TYPES.filter((type) => !isLocalMessage(type)),
  fc.nat({ max: 6 }),
  fc.bigInt({ min: 1n, max: 4n }),
);

function start(lead: boolean): Member {
  const member = startMember(
    1n,
    { ...createConfState(), voters: lead ? [1n] : [1n, 2n, 3n] },
    { preVote: true, checkQuorum: true },
  );
  if (lead) {
    member.raw.campaign();
    handleReady(member);
  }
  return member;
}

/** Returns whether the member is still sound. */
function survives(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof RaftError) {
      return true;
    }
    assert.ok(error instanceof InvariantError, `${String(error)}\n${(error as Error).stack}`);
    return false;
  }
}

for (const lead of [false, true]) {
  test(`a ${lead ? "leader" : "follower"} takes any sequence of messages`, () => {
    const messages = fc.array(fc.oneof(small, small, small, peerMessages), { maxLength: 12 });
    fc.assert(
      fc.property(messages, (sequence) => {
        const member = start(lead);
        for (const message of sequence) {
          const alive = survives(() => {
            member.raw.step(message);
            member.raw.tick();
            while (member.raw.hasReady()) {
              handleReady(member);
            }
          });
          if (!alive) {
            return;
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
}
