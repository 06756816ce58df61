import assert from "node:assert/strict";
import { test } from "node:test";
import { EtcdError, EtcdErrors } from "@kvorum/proto";
import type { Log } from "../env/env.ts";
import { LeaseExpiry } from "./lease-expiry.ts";
import type { Proposals } from "./proposals.ts";

interface Revocation {
  readonly id: bigint;
  readonly asLeader: boolean | undefined;
  readonly settle: (error?: EtcdError) => void;
}

function setUp(due: bigint[]) {
  const revocations: Revocation[] = [];
  const warnings: string[] = [];
  const state = { isLeader: true };
  const log = { warn: (msg: string) => warnings.push(msg) } as unknown as Log;
  const submit = (_kind: string, message: { ID: bigint }, options?: { asLeader: boolean }) =>
    new Promise<void>((resolve, reject) => {
      const settle = (error?: EtcdError): void => (error === undefined ? resolve() : reject(error));
      revocations.push({ id: message.ID, asLeader: options?.asLeader, settle });
    });
  const proposals = { submit } as unknown as Pick<Proposals, "submit">;
  const expiry = new LeaseExpiry({
    expired: (limit) => due.slice(0, limit),
    isLeader: () => state.isLeader,
    proposals,
    log,
  });
  return { expiry, revocations, warnings, state };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("the leader revokes what has run out, each once at a time, and as the leader alone", async () => {
  const { expiry, revocations, state } = setUp([1n, 2n]);
  state.isLeader = false;
  expiry.tick(0);
  assert.equal(revocations.length, 0);
  state.isLeader = true;
  expiry.tick(0);
  expiry.tick(100);
  expiry.tick(500);
  assert.deepEqual(
    revocations.map(({ id, asLeader }) => [id, asLeader]),
    [
      [1n, true],
      [2n, true],
    ],
  );
  revocations[0]!.settle();
  await settled();
  expiry.tick(1_000);
  assert.equal(revocations.at(-1)?.id, 1n);
  assert.equal(revocations.length, 3);
});

test("a failed revocation is tried again; one that somebody else was faster with is no failure", async () => {
  const { expiry, revocations, warnings } = setUp([1n, 2n]);
  expiry.tick(0);
  revocations[0]!.settle(EtcdError.from(EtcdErrors.leaseNotFound));
  revocations[1]!.settle(EtcdError.from(EtcdErrors.timeout));
  await settled();
  assert.equal(warnings.length, 1);
  expiry.tick(500);
  assert.equal(revocations.length, 4);
});

test("there is a bound to revocations under way", () => {
  const { expiry, revocations } = setUp(Array.from({ length: 2_000 }, (_, i) => BigInt(i + 1)));
  for (let nowMs = 0; nowMs < 5_000; nowMs += 500) expiry.tick(nowMs);
  assert.equal(revocations.length, 500);
});
