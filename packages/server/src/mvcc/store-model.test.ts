/**
 * The whole store against a list of changes: random writes, compactions, checkpoints, restarts and
 * reads at any revision, on stores with different options at once, which must agree in everything,
 * hashes included. One of them leaves an image of its index whenever it stops.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toKeyRange } from "./key-range.ts";
import { MvccModel, type ModelVersion, type ModelWrite } from "./testing/mvcc-model.ts";
import { describe, hastyClock, rangeRequest, TestStore } from "./testing/test-store.ts";

const keyArb = fc.constantFrom("a", "aa", "b", "c", "\u00ff", "k\0");
const valueArb = fc.constantFrom("", "1", "2", "x".repeat(300));
const leaseArb = fc.constantFrom(0n, 0n, 7n, -8n);
const rangeArb = fc.tuple(keyArb, fc.constantFrom("", "\0", "b", "c", "zz"));

const writeArb = fc.oneof(
  { weight: 3, arbitrary: fc.record({ put: keyArb, value: valueArb, lease: leaseArb }) },
  { weight: 1, arbitrary: rangeArb.map(([key, end]) => ({ delete: key, rangeEnd: end })) },
);

type Write = { put: string; value: string; lease: bigint } | { delete: string; rangeEnd: string };

type Step =
  | { op: "write"; writes: Write[] }
  | { op: "compact"; share: number; wait: boolean }
  | { op: "checkpoint" }
  | { op: "restart"; keep: boolean; look: boolean }
  | { op: "read"; range: [string, string]; share: number; keysOnly: boolean; limit: number }
  | { op: "hash"; share: number };

const shareArb = fc.integer({ min: 0, max: 100 });
const stepArb: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      op: fc.constant("write" as const),
      writes: fc.array(writeArb, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant("compact" as const),
      share: shareArb,
      wait: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("checkpoint" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant("restart" as const),
      keep: fc.boolean(),
      look: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant("read" as const),
      range: rangeArb,
      share: shareArb,
      keysOnly: fc.boolean(),
      limit: fc.integer({ min: 0, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("hash" as const), share: shareArb }) },
);

function latin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

function toModelWrite(write: Write): ModelWrite {
  if ("put" in write) {
    return write;
  }
  const { start, end } = toKeyRange(latin1(write.delete), latin1(write.rangeEnd));
  return { delete: start, end };
}

function describeVersion({ key, value, created, main, version, lease }: ModelVersion): string {
  const leaseText = lease === 0n ? "" : `#${lease}`;
  return `${key}=${value}@${created},${main},${version}${leaseText}`;
}

/** What the index holds, revision by revision. */
function indexDump(t: TestStore): string[] {
  const dump: string[] = [];
  t.store.state.index.visit("", undefined, (key, keyIndex) => {
    for (let i = 0; i < keyIndex.length; i++) {
      const revision = [keyIndex.mainAt(i), keyIndex.subAt(i)];
      dump.push([key, ...revision, keyIndex.createdAt(i), keyIndex.versionAt(i)].join());
    }
    return true;
  });
  return dump;
}

class Rig {
  readonly stores: readonly TestStore[];
  model = new MvccModel();
  readonly #checks: Promise<void>[] = [];
  readonly #compactions: Promise<void>[] = [];

  constructor(stores: readonly TestStore[]) {
    this.stores = stores;
  }

  async run(step: Step): Promise<void> {
    switch (step.op) {
      case "write":
        this.#write(step.writes);
        return;
      case "compact":
        await this.#compact(step.share, step.wait);
        return;
      case "checkpoint":
        await this.#checkpoint();
        return;
      case "restart":
        await this.#restart(step);
        return;
      case "read":
        this.#read(step);
        return;
      case "hash":
        await this.#hash(step.share);
    }
  }

  /** Reads that ran beside later steps. */
  async settle(): Promise<void> {
    await Promise.all(this.#checks.splice(0));
    for (const t of this.stores) {
      assert.deepEqual(t.errors, []);
    }
  }

  #write(writes: Write[]): void {
    this.model.write(writes.map(toModelWrite));
    for (const t of this.stores) {
      const txn = t.store.beginWrite();
      for (const write of writes) {
        if ("put" in write) {
          txn.put(latin1(write.put), latin1(write.value), write.lease);
        } else {
          txn.deleteRange(toKeyRange(latin1(write.delete), latin1(write.rangeEnd)));
        }
      }
      txn.end();
      assert.equal(t.store.currentRevision, this.model.revision);
    }
  }

  async #compact(share: number, wait: boolean): Promise<void> {
    const revision = this.#readable(share);
    if (revision <= this.model.compactRevision) {
      return;
    }
    this.model.compactRevision = revision;
    const done = this.stores.map((t) => t.store.compact(revision));
    this.#compactions.push(...done);
    if (wait) {
      await Promise.all(done);
    }
  }

  async #checkpoint(): Promise<void> {
    await Promise.all(this.stores.map((t) => t.checkpoint()));
  }

  /** With `look` all keys are looked at, so that none is frozen any more. */
  async #restart({ keep, look }: Step & { op: "restart" }): Promise<void> {
    await this.settle();
    await Promise.all(this.#compactions.splice(0));
    const durables = new Set(this.stores.map(({ durable }) => JSON.stringify(durable)));
    if (keep || durables.size > 1) {
      const before = look ? this.stores.map(indexDump) : [];
      await this.#checkpoint();
      await Promise.all(this.stores.map((t) => t.restart()));
      assert.deepEqual(look ? this.stores.map(indexDump) : [], before);
    } else {
      this.#forgetUndurable();
      await Promise.all(this.stores.map((t) => t.restart()));
    }
    for (const t of this.stores) {
      assert.equal(t.store.currentRevision, this.model.revision);
      assert.equal(t.store.compactRevision, this.model.compactRevision);
      assert.deepEqual(
        [...t.leases.keys].sort(([a], [b]) => (a < b ? -1 : 1)),
        this.#leasedKeys(),
      );
    }
  }

  /** Hashes and compactions write checkpoints too, so the store must say what was durable. */
  #forgetUndurable(): void {
    const { revision, compactRevision } = this.stores[0]!.durable;
    this.model.changes = this.model.changes.filter(({ main }) => main <= revision);
    this.model.revision = revision;
    this.model.compactRevision = compactRevision;
  }

  #leasedKeys(): [string, bigint][] {
    return this.model
      .at(this.model.revision)
      .filter(({ lease }) => lease !== 0n)
      .map(({ key, lease }) => [key, lease]);
  }

  /** A revision that can be read: the newest at 100, the compacted one at 0. */
  #readable(share: number): number {
    const lowest = Math.max(this.model.compactRevision, 1);
    return lowest + Math.round(((this.model.revision - lowest) * share) / 100);
  }

  #read({ range: [key, end], share, keysOnly, limit }: Step & { op: "read" }): void {
    const revision = this.#readable(share);
    const { start, end: to } = toKeyRange(latin1(key), latin1(end));
    const found = this.model
      .at(revision)
      .filter((version) => version.key >= start && (to === undefined || version.key < to));
    const shown = keysOnly ? found.map((version) => ({ ...version, value: "", lease: 0n })) : found;
    const expected = {
      kvs: shown.slice(0, limit === 0 ? undefined : limit).map(describeVersion),
      count: found.length,
      more: limit > 0 && found.length > limit,
      revision: this.model.revision,
    };
    const request = rangeRequest("", "", { revision, keysOnly, limit });
    request.key = latin1(key);
    request.rangeEnd = latin1(end);
    for (const t of this.stores) {
      const answer = Promise.resolve(t.store.range(request));
      this.#checks.push(
        answer.then(({ kvs, count, more, header }) => {
          const actual = { kvs: describe(kvs), count, more, revision: header?.revision };
          assert.deepEqual(actual, expected);
        }),
      );
    }
  }

  async #hash(share: number): Promise<void> {
    const revision = this.#readable(share);
    if (revision === this.model.compactRevision) {
      // The answer changes when the compaction is done, whenever that is.
      return;
    }
    const hashes = this.stores.map((t) => t.store.hashByRevision(revision));
    for (const hash of await Promise.all(hashes)) {
      assert.deepEqual(hash, await hashes[0]);
    }
  }
}

test("the store equals its model, whatever its options, over writes, compactions and restarts", async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(stepArb, { maxLength: 60, size: "max" }), async (steps) => {
      const rig = new Rig([
        await TestStore.open({ cacheBytesMax: 0, clock: hastyClock() }),
        await TestStore.open({ cacheBytesMax: 10_000 }),
        await TestStore.open({ cacheBytesMax: 1000, images: true }),
      ]);
      for (const step of steps) {
        await rig.run(step);
      }
      await rig.run({ op: "restart", keep: true, look: true });
      await rig.settle();
      taken += rig.stores[2]!.logged.filter((line) => line.includes("from its image")).length;
    }),
    { numRuns: 60 },
  );
  assert.ok(taken > 0, "no image was ever taken");
});
