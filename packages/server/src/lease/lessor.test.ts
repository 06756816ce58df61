import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EtcdError, EtcdErrors, type EtcdStatus } from "@kvorum/proto";
import type { Clock } from "../env/env.ts";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { nodeClock } from "../env/node-env.ts";
import { Prng } from "../lib/prng.ts";
import type { Backend } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import { MemoryEngines } from "../storage/memory.ts";
import { openBackend } from "../storage/open-backend.ts";
import { leaseKey } from "./lease-record.ts";
import { Lessor, type LessorOptions } from "./lessor.ts";

const applied = { index: 1, term: 1, confState: new Uint8Array(0) };

/** A lessor on a simulated disk, whose time moves by hand. */
class TestLessor {
  lessor!: Lessor;
  backend!: Backend;
  nowMs = 0;
  readonly #fs = new MemoryFileSystem({ clock: nodeClock });
  readonly #options: Partial<LessorOptions>;

  private constructor(options: Partial<LessorOptions>) {
    this.#options = options;
  }

  static async open(options: Partial<LessorOptions> = {}): Promise<TestLessor> {
    const t = new TestLessor(options);
    await t.#fs.mkdir("/l", 0o700);
    await t.#open();
    return t;
  }

  async restart(): Promise<void> {
    await this.backend.checkpoint(() => applied);
    await this.backend.close();
    await this.#open();
  }

  async #open(): Promise<void> {
    this.backend = await openBackend(await new MemoryEngines(this.#fs).open("/l"));
    const clock: Clock = { ...nodeClock, monotonicMs: () => this.nowMs };
    const { backend } = this;
    this.lessor = await Lessor.open({ backend, clock, minTtlSeconds: 2, ...this.#options });
  }
}

function isStatus(status: EtcdStatus): (error: unknown) => boolean {
  return (error) => error instanceof EtcdError && error.is(status);
}

test("grants raise short TTLs and refuse used ids, id 0 and endless TTLs", async () => {
  const { lessor } = await TestLessor.open();
  assert.equal(lessor.grant(1n, 10).ttlSeconds, 10);
  assert.equal(lessor.grant(2n, -5).ttlSeconds, 2);
  assert.throws(() => lessor.grant(1n, 10), isStatus(EtcdErrors.leaseExists));
  assert.throws(() => lessor.grant(0n, 10), isStatus(EtcdErrors.leaseNotFound));
  assert.throws(() => lessor.grant(3n, 9_000_000_001), isStatus(EtcdErrors.leaseTtlTooLarge));
});

test("only the primary counts time", async () => {
  const t = await TestLessor.open();
  t.lessor.grant(1n, 10);
  t.nowMs = 1e9;
  assert.deepEqual(t.lessor.expired(), []);
  assert.throws(() => t.lessor.renew(1n), isStatus(EtcdErrors.notPrimaryLessor));
  assert.equal(t.lessor.remainingSeconds(1n), undefined);
  t.lessor.promote(0);
  assert.equal(t.lessor.remainingSeconds(1n), 10);
  t.nowMs += 9_999;
  assert.deepEqual(t.lessor.expired(), []);
  t.nowMs += 1;
  assert.deepEqual(t.lessor.expired(), [1n]);
  t.lessor.demote();
  assert.deepEqual(t.lessor.expired(), []);
});

test("a renewal starts the time again, and not after expiry", async () => {
  const t = await TestLessor.open();
  t.lessor.promote(0);
  t.lessor.grant(1n, 10);
  t.nowMs = 9_000;
  assert.equal(t.lessor.renew(1n), 10);
  t.nowMs = 18_999;
  assert.deepEqual(t.lessor.expired(), []);
  t.nowMs = 19_000;
  assert.throws(() => t.lessor.renew(1n), isStatus(EtcdErrors.leaseNotFound));
  assert.deepEqual(t.lessor.expired(), [1n]);
});

test("an expired lease is reported again if its revocation was lost, never once it is gone", async () => {
  const t = await TestLessor.open();
  t.lessor.promote(0);
  t.lessor.grant(1n, 10);
  t.nowMs = 10_000;
  assert.deepEqual(t.lessor.expired(), [1n]);
  assert.deepEqual(t.lessor.expired(), []);
  t.nowMs = 13_000;
  assert.deepEqual(t.lessor.expired(), [1n]);
  t.lessor.revoke(1n);
  t.nowMs = 99_000;
  assert.deepEqual(t.lessor.expired(), []);
  t.lessor.grant(1n, 10);
  assert.deepEqual(t.lessor.expired(), []);
});

test("no more leases are reported at a time than asked for", async () => {
  const t = await TestLessor.open();
  t.lessor.promote(0);
  for (let id = 1n; id <= 25n; id++) {
    t.lessor.grant(id, 10);
  }
  t.nowMs = 10_000;
  const sizes = [t.lessor.expired(10), t.lessor.expired(10), t.lessor.expired(10)];
  assert.deepEqual(
    sizes.map((ids) => ids.length),
    [10, 10, 5],
  );
  assert.equal(new Set(sizes.flat()).size, 25);
});

test("a revocation hands out the keys in byte order", async () => {
  const { lessor } = await TestLessor.open();
  lessor.grant(1n, 10);
  for (const key of ["b", "\u00ff", "a", "B", "aa"]) {
    lessor.attach(1n, key);
  }
  lessor.detach(1n, "aa");
  const keys = lessor.revoke(1n).map((key) => Buffer.from(key).toString("latin1"));
  assert.deepEqual(keys, ["B", "a", "b", "\u00ff"]);
  assert.throws(() => lessor.revoke(1n), isStatus(EtcdErrors.leaseNotFound));
});

test("after a restart no lease expires early: each has its full time again", async () => {
  const t = await TestLessor.open();
  t.lessor.promote(0);
  t.lessor.grant(1n, 10);
  t.lessor.grant(-9n, 20);
  t.lessor.revoke(t.lessor.grant(3n, 10).id);
  t.nowMs = 9_999;
  await t.restart();
  assert.equal(t.lessor.size, 2);
  t.nowMs = 50_000;
  t.lessor.promote(1_000);
  t.nowMs = 60_999;
  assert.deepEqual(t.lessor.expired(), []);
  t.nowMs = 61_000;
  assert.deepEqual(t.lessor.expired(), [1n]);
  assert.equal(t.lessor.get(-9n)?.ttlSeconds, 20);
});

test("leases are listed in order of expiry", async () => {
  const t = await TestLessor.open();
  t.lessor.promote(0);
  t.lessor.grant(1n, 30);
  t.lessor.grant(2n, 10);
  t.lessor.grant(3n, 20);
  assert.deepEqual(
    t.lessor.list().map(({ id }) => id),
    [2n, 3n, 1n],
  );
});

test("a checkpoint shortens what the next primary grants, a renewal does not need to heed it", async () => {
  const t = await TestLessor.open({ checkpoints: true });
  t.lessor.promote(0);
  t.lessor.grant(1n, 1000);
  t.nowMs = 5 * 60 * 1000;
  assert.deepEqual(t.lessor.dueCheckpoints(10), [{ id: 1n, remainingTtlSeconds: 700 }]);
  t.lessor.checkpoint(1n, 700);
  assert.equal(t.lessor.hasCheckpoint(1n), true);
  await t.restart();
  t.lessor.promote(0);
  assert.equal(t.lessor.remainingSeconds(1n), 700);
  assert.equal(t.lessor.renew(1n), 1000);
  assert.equal(t.lessor.remainingSeconds(1n), 1000);
});

test("a lease that keeps being renewed is checkpointed only when time was lost", async () => {
  const t = await TestLessor.open({ checkpoints: true });
  t.lessor.promote(0);
  t.lessor.grant(1n, 1000);
  t.nowMs = 5 * 60 * 1000;
  t.lessor.renew(1n);
  assert.deepEqual(t.lessor.dueCheckpoints(10), []);
  t.nowMs = 10 * 60 * 1000;
  assert.deepEqual(t.lessor.dueCheckpoints(10), [{ id: 1n, remainingTtlSeconds: 700 }]);
});

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

test("a new primary with thousands of leases does not let them all expire at once", async () => {
  const t = await TestLessor.open();
  for (let id = 1n; id <= 3000n; id++) {
    t.lessor.grant(id, 10);
  }
  t.lessor.promote(0);
  await turns(2);
  let total = 0;
  for (let second = 1; total < 3000; second++) {
    t.nowMs = 9_000 + second * 1000;
    const ids = t.lessor.expired(10_000);
    ids.forEach((id) => t.lessor.revoke(id));
    const count = ids.length;
    assert.ok(count <= 751, `${count} leases expire in one second`);
    assert.ok(second < 10, "the last lease expires in time");
    total += count;
  }
});

test("a new primary comes to thousands of leases in slices, and to those that are renewed at once", async () => {
  const t = await TestLessor.open();
  for (let id = 1n; id <= 5000n; id++) t.lessor.grant(id, id % 2n === 0n ? 10 : 1000);
  t.lessor.promote(0);
  assert.equal(t.lessor.remainingSeconds(5000n), 10, "its time has not begun");
  assert.equal(t.lessor.renew(4000n), 10);
  t.nowMs = 30_000;
  assert.ok(!t.lessor.expired(10_000).includes(5000n));
  assert.equal(t.lessor.renew(5000n), 10);
  t.lessor.grant(9999n, 10);
  await turns(3);
  t.nowMs = 39_999;
  const early = t.lessor.expired(10_000);
  assert.ok(early.includes(2n) && early.includes(4000n));
  assert.ok(!early.includes(5000n) && !early.includes(4998n) && !early.includes(9999n));
  early.forEach((id) => t.lessor.revoke(id));
  t.nowMs = 60_000;
  const all = [...early, ...t.lessor.expired(10_000)];
  assert.equal(new Set(all).size, 2501);
  assert.equal(new Set(all).size, all.length, "none is reported twice");
});

test("a promotion that ends in the middle leaves nothing to the next", async () => {
  const t = await TestLessor.open();
  for (let id = 1n; id <= 5000n; id++) t.lessor.grant(id, 10);
  t.lessor.promote(0);
  t.lessor.demote();
  t.nowMs = 5_000;
  t.lessor.promote(0);
  await turns(4);
  t.nowMs = 14_999;
  assert.deepEqual(t.lessor.expired(), []);
  t.nowMs = 60_000;
  const all = t.lessor.expired(10_000);
  assert.equal(all.length, 5000);
  assert.equal(new Set(all).size, 5000);
});

test("stored leases have etcd's form", async () => {
  const t = await TestLessor.open();
  t.lessor.grant(0x1234n, 300);
  t.lessor.checkpoint(0x1234n, 7);
  const stored = t.backend.get(buckets.lease, leaseKey(0x1234n));
  assert.equal(Buffer.from(stored!).toString("hex"), "08b42410ac021807");
});

test("expiry never comes before the TTL after the last grant, renewal or promotion", async () => {
  const prng = new Prng(42);
  const t = await TestLessor.open();
  const aliveUntil = new Map<bigint, number>();
  t.lessor.promote(0);
  for (let step = 0; step < 3000; step++) {
    t.nowMs += prng.nextInt(400);
    const id = BigInt(1 + prng.nextInt(40));
    const action = prng.nextInt(10);
    if (action < 3 && !t.lessor.has(id)) {
      const { ttlSeconds } = t.lessor.grant(id, prng.nextInt(20));
      aliveUntil.set(id, t.nowMs + ttlSeconds * 1000);
    } else if (action < 6 && t.lessor.has(id) && aliveUntil.get(id)! > t.nowMs) {
      const renewedUntil = t.nowMs + t.lessor.renew(id) * 1000;
      aliveUntil.set(id, Math.max(renewedUntil, aliveUntil.get(id)!));
    } else if (action === 9 && prng.chance(0.1)) {
      t.lessor.demote();
      t.lessor.promote(500);
      for (const { id: each, ttlSeconds } of t.lessor.list()) {
        aliveUntil.set(each, t.nowMs + 500 + ttlSeconds * 1000);
      }
    }
    for (const each of t.lessor.expired()) {
      assert.ok(t.nowMs >= aliveUntil.get(each)!, `lease ${each} expired early`);
      t.lessor.revoke(each);
    }
    for (const [each, until] of aliveUntil) {
      assert.ok(until > t.nowMs || !t.lessor.has(each), `lease ${each} outlived its time`);
    }
  }
});

test("leases that are revoked leave the queues, however long their TTL", async () => {
  const t = await TestLessor.open({ checkpoints: true });
  t.lessor.promote(0);
  for (let id = 1n; id <= 100n; id++) t.lessor.grant(id, 1_000_000);
  for (let id = 1001n; id <= 3000n; id++) {
    t.lessor.grant(id, 1_000_000 + Number(id % 7n));
    t.lessor.revoke(id);
    assert.equal(t.lessor.queued, 200);
  }
  t.lessor.demote();
  t.lessor.revoke(1n);
  t.lessor.promote(0);
  assert.equal(t.lessor.queued, 198);
});

test("a lease is queued once for its checkpoint, whatever has been saved of it", async () => {
  const t = await TestLessor.open({ checkpoints: true });
  t.lessor.promote(0);
  t.lessor.grant(1n, 10_000);
  for (let i = 0; i < 10; i++) t.lessor.checkpoint(1n, i % 2 === 0 ? 9000 : 0);
  assert.equal(t.lessor.queued, 2);
  t.nowMs = 5 * 60 * 1000;
  assert.deepEqual(t.lessor.dueCheckpoints(10), [{ id: 1n, remainingTtlSeconds: 9700 }]);
  t.lessor.checkpoint(1n, 100);
  assert.equal(t.lessor.queued, 1, "it will be gone before the next");
});

test("renewals leave the queue as it is", async () => {
  const t = await TestLessor.open();
  t.lessor.promote(0);
  const lease = t.lessor.grant(1n, 10);
  const due = lease.expiryDue;
  for (t.nowMs = 0; t.nowMs < 9000; t.nowMs += 1000) t.lessor.renew(1n);
  assert.equal(lease.expiryDue, due);
  assert.equal(due?.atMs, 10_000);
  t.nowMs = 10_000;
  assert.deepEqual(t.lessor.expired(), []);
  assert.equal(lease.expiryDue?.atMs, 18_000);
});

const leaseIds = fc.bigInt(1n, 30n);
const leaseSteps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ grant: leaseIds, ttl: fc.integer({ min: 2, max: 30 }) }) },
    { weight: 2, arbitrary: fc.record({ revoke: leaseIds }) },
    { weight: 2, arbitrary: fc.record({ renew: leaseIds }) },
    { weight: 4, arbitrary: fc.record({ passMs: fc.integer({ min: 1, max: 5000 }) }) },
    { weight: 1, arbitrary: fc.constant({ promote: true } as const) },
  ),
  { maxLength: 100 },
);

test("what has expired is what a list of leases says, whoever was revoked or renewed", async () => {
  await fc.assert(
    fc.asyncProperty(leaseSteps, async (steps) => {
      const t = await TestLessor.open();
      t.lessor.promote(0);
      /** Of each lease its TTL, when it expires, and when it is to be reported (again). */
      const model = new Map<bigint, { ttlMs: number; expiryMs: number; reportMs: number }>();
      const start = (id: bigint, ttlMs: number): void => {
        model.set(id, { ttlMs, expiryMs: t.nowMs + ttlMs, reportMs: t.nowMs + ttlMs });
      };
      for (const step of steps) {
        if ("grant" in step && !model.has(step.grant)) {
          start(step.grant, t.lessor.grant(step.grant, step.ttl).ttlSeconds * 1000);
        } else if ("revoke" in step && model.delete(step.revoke)) {
          t.lessor.revoke(step.revoke);
        } else if ("renew" in step && (model.get(step.renew)?.expiryMs ?? 0) > t.nowMs) {
          start(step.renew, t.lessor.renew(step.renew) * 1000);
        } else if ("passMs" in step) {
          t.nowMs += step.passMs;
        } else if ("promote" in step) {
          t.lessor.promote(0);
          for (const [id, { ttlMs }] of model) start(id, ttlMs);
        }
        const due = [...model].filter(([, { reportMs }]) => reportMs <= t.nowMs);
        for (const [, lease] of due) lease.reportMs = t.nowMs + 3000;
        const ids = due.map(([id]) => id).sort((a, b) => Number(a - b));
        assert.deepEqual(
          t.lessor.expired().sort((a, b) => Number(a - b)),
          ids,
        );
        assert.equal(t.lessor.queued, model.size);
      }
    }),
    { numRuns: 60 },
  );
});
