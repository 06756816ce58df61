import assert from "node:assert/strict";
import { test } from "node:test";
import { EtcdError, EtcdErrors } from "@kvorum/proto";
import type { Cluster } from "../membership/cluster.ts";
import type { Member } from "../membership/member.ts";
import { SimTime } from "../testing/sim/sim-clock.ts";
import { ReconfigurationGuard } from "./reconfiguration-guard.ts";

const NOW_MS = 100_000;

interface Voter {
  /** Whether it has ever published itself. Default true. */
  readonly started?: boolean;
  /** Connected for this long; undefined if it is not. Default long enough. */
  readonly connectedMs?: number | undefined;
}

/** Member 1 is the local one; member 9 a learner. */
async function guardOf(others: readonly Voter[], strict = true): Promise<ReconfigurationGuard> {
  const voters = [{}, ...others].map((voter: Voter, i): Member & Voter => {
    const name = voter.started === false ? "" : `m${i + 1}`;
    return { id: BigInt(i + 1), name, peerURLs: [], clientURLs: [], isLearner: false, ...voter };
  });
  const learner: Member = { id: 9n, name: "", peerURLs: [], clientURLs: [], isLearner: true };
  const time = new SimTime();
  await time.run(NOW_MS);
  const activeSince = (id: bigint): number | undefined => {
    const voter = voters.find((each) => each.id === id);
    if (voter === undefined || ("connectedMs" in voter && voter.connectedMs === undefined)) {
      return undefined;
    }
    return NOW_MS - (voter.connectedMs ?? 60_000);
  };
  const cluster = {
    voters: () => voters,
    member: (id: bigint) => [...voters, learner].find((each) => each.id === id),
  } as unknown as Cluster;
  const clock = time.createClock();
  return new ReconfigurationGuard({
    localId: 1n,
    clock,
    transport: { activeSince },
    cluster: () => cluster,
    strict,
  });
}

const is = (status: (typeof EtcdErrors)[keyof typeof EtcdErrors]) => (error: unknown) =>
  error instanceof EtcdError && error.is(status);
const GONE: Voter = { connectedMs: undefined };

test("a voter is added where the quorum can do without it", async () => {
  (await guardOf([])).checkAdd(false);
  (await guardOf([{}, {}])).checkAdd(false);
  const oneDown = await guardOf([{}, GONE]);
  assert.throws(() => oneDown.checkAdd(false), is(EtcdErrors.unhealthy));
  const fresh = await guardOf([{}, { connectedMs: 1_000 }]);
  assert.throws(() => fresh.checkAdd(false), is(EtcdErrors.unhealthy));
  const unstarted = await guardOf([{ started: false }]);
  assert.throws(() => unstarted.checkAdd(false), is(EtcdErrors.memberNotEnoughStarted));
  (await guardOf([{}, GONE], false)).checkAdd(false);
});

test("a voter is removed where the others are a quorum; one that is down, or a learner, always", async () => {
  (await guardOf([{}, {}])).checkRemove(2n);
  const oneDown = await guardOf([{}, GONE]);
  oneDown.checkRemove(3n);
  oneDown.checkRemove(9n);
  assert.throws(() => oneDown.checkRemove(2n), is(EtcdErrors.unhealthy));
  assert.throws(() => oneDown.checkRemove(1n), is(EtcdErrors.unhealthy));
  const unstarted = await guardOf([{}, { started: false }]);
  assert.throws(() => unstarted.checkRemove(2n), is(EtcdErrors.memberNotEnoughStarted));
  (await guardOf([{}, GONE], false)).checkRemove(2n);
});

test("a learner is promoted where, counted as started, it leaves a started quorum", async () => {
  (await guardOf([])).checkPromote();
  (await guardOf([{ started: false }])).checkPromote();
  const unstarted = await guardOf([{ started: false }, { started: false }, { started: false }]);
  assert.throws(() => unstarted.checkPromote(), is(EtcdErrors.memberNotEnoughStarted));
});
