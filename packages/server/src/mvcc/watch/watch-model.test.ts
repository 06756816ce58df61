/**
 * Watchers against a list of changes. Random writes, compactions, slow clients, progress requests, and
 * in the middle a follower that falls behind and gets a snapshot. Whatever happens, each watcher's
 * events are those of its range from its start on: ordered, unique, complete, whole revisions; or a
 * prefix of them and then a cancellation that names the compaction. A progress notice at R comes after
 * everything up to R.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { WatchResponse } from "@kvorum/proto";
import fc from "fast-check";
import type { Clock } from "../../env/env.ts";
import { toKeyRange } from "../key-range.ts";
import { MvccModel } from "../testing/mvcc-model.ts";
import { hastyClock, TestStore } from "../testing/test-store.ts";
import { describeEvent, type TestClient, TestWatch } from "../testing/test-watch.ts";

const keyArb = fc.constantFrom("a", "b", "c", "d");
const shareArb = fc.integer({ min: 0, max: 100 });

type Step =
  | { op: "put"; keys: string[] }
  | { op: "delete"; key: string; end: string }
  | { op: "compact"; share: number }
  | {
      op: "watch";
      client: number;
      key: string;
      end: string;
      share: number;
      prevKv: boolean;
      filter: number;
    }
  | { op: "cancel"; client: number; id: number }
  | { op: "drain"; client: number; room: number }
  | { op: "progress"; client: number }
  | { op: "turns"; count: number };

const clientArb = fc.integer({ min: 0, max: 2 });
const stepArb: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      op: fc.constant("put" as const),
      keys: fc.uniqueArray(keyArb, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant("delete" as const),
      key: keyArb,
      end: fc.constantFrom("", "c", "\0"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("compact" as const), share: shareArb }) },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constant("watch" as const),
      client: clientArb,
      key: keyArb,
      end: fc.constantFrom("", "", "c", "z", "\0"),
      share: fc.integer({ min: -20, max: 120 }),
      prevKv: fc.boolean(),
      filter: fc.constantFrom(-1, -1, -1, 0, 1),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant("cancel" as const),
      client: clientArb,
      id: fc.integer({ min: 0, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constant("drain" as const),
      client: clientArb,
      room: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("progress" as const), client: clientArb }) },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant("turns" as const),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
);

interface WatcherRecord {
  readonly client: TestClient;
  readonly id: number;
  readonly start: string;
  readonly end: string | undefined;
  readonly from: number;
  readonly prevKv: boolean;
  readonly filter: number;
  /** Responses that the client had when it was created, and when it was cancelled. */
  readonly createdAt: number;
  cancelledAt: number | undefined;
}

class Rig {
  readonly model = new MvccModel();
  readonly #w: TestWatch;
  /** The leader's store: gets every write too, and goes on while the follower is cut off. */
  readonly #leader: TestStore;
  readonly #clients: TestClient[];
  readonly #watchers: WatcherRecord[] = [];
  #isCutOff = false;
  #isRestored = false;

  constructor(w: TestWatch, leader: TestStore) {
    this.#w = w;
    this.#leader = leader;
    this.#clients = [w.client(3), w.client(1), w.client()];
  }

  async run(step: Step): Promise<void> {
    switch (step.op) {
      case "put":
        this.#write(
          step.keys.map((key) => ({ put: key, value: `${key}${this.model.revision}`, lease: 0n })),
        );
        return;
      case "delete": {
        const { start, end } = toKeyRange(Buffer.from(step.key), Buffer.from(step.end));
        this.#write([{ delete: start, end }]);
        return;
      }
      case "compact":
        this.#compact(step.share);
        return;
      case "watch":
        this.#watch(step);
        return;
      case "cancel":
        this.#cancel(step.client, step.id);
        return;
      case "drain":
        this.#clients[step.client]!.drain(step.room);
        return;
      case "progress":
        this.#clients[step.client]!.stream.requestProgress();
        return;
      case "turns":
        await this.turns(step.count);
    }
  }

  cutOff(): void {
    this.#isCutOff = true;
  }

  async restore(): Promise<void> {
    await this.#leader.checkpoint();
    await this.turns(20);
    await this.#leader.checkpoint();
    await this.#w.t.store.restore(this.#leader.backend);
    this.#isCutOff = false;
    this.#isRestored = true;
    assert.equal(this.#w.t.store.currentRevision, this.model.revision);
  }

  async turns(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async check(): Promise<void> {
    for (const client of this.#clients) {
      client.drain();
    }
    await this.turns(60);
    assert.deepEqual([...this.#w.t.errors, ...this.#leader.errors], []);
    assert.equal(this.#w.watchable.counts.slowWatchers, 0);
    for (const watcher of this.#watchers) {
      this.#checkWatcher(watcher);
    }
    for (const client of this.#clients) {
      this.#checkProgress(client);
    }
  }

  #stores(): TestStore[] {
    if (this.#isRestored) {
      return [this.#w.t];
    }
    return this.#isCutOff ? [this.#leader] : [this.#w.t, this.#leader];
  }

  #write(writes: Parameters<MvccModel["write"]>[0]): void {
    this.model.write(writes);
    for (const { store } of this.#stores()) {
      const txn = store.beginWrite();
      for (const write of writes) {
        if ("put" in write) {
          txn.put(Buffer.from(write.put), Buffer.from(write.value), 0n);
        } else {
          txn.deleteRange({ start: write.delete, end: write.end, isPoint: false });
        }
      }
      txn.end();
    }
  }

  #compact(share: number): void {
    const lowest = Math.max(this.model.compactRevision, 1);
    const revision = lowest + Math.round(((this.model.revision - lowest) * share) / 100);
    if (revision > this.model.compactRevision) {
      this.model.compactRevision = revision;
      for (const { store } of this.#stores()) {
        void store.compact(revision);
      }
    }
  }

  #watch(step: Step & { op: "watch" }): void {
    const client = this.#clients[step.client]!;
    const current = this.#w.t.store.currentRevision;
    const startRevision = Math.max(0, Math.round((current * step.share) / 100));
    const { start, end } = toKeyRange(Buffer.from(step.key), Buffer.from(step.end));
    if (end !== undefined && start >= end) {
      return;
    }
    const createdAt = client.responses.length;
    const filters = step.filter < 0 ? [] : [step.filter];
    const { prevKv, filter } = step;
    const id = client.watch(step.key, step.end, { startRevision, prevKv, filters });
    const from = startRevision === 0 ? current + 1 : startRevision;
    this.#watchers.push({
      client,
      id,
      start,
      end,
      from,
      prevKv,
      filter,
      createdAt,
      cancelledAt: undefined,
    });
  }

  #cancel(clientAt: number, id: number): void {
    const client = this.#clients[clientAt]!;
    const watcher = this.#watchers.find((each) => each.client === client && each.id === id);
    if (client.stream.cancel(id) && watcher !== undefined) {
      watcher.cancelledAt = client.responses.length;
    }
  }

  #expected({ start, end, from, prevKv, filter }: WatcherRecord): string[] {
    const dropped = ["PUT", "DELETE"][filter] ?? "none";
    return this.model
      .events(start, end, from, prevKv)
      .filter((event) => !event.startsWith(`${dropped} `));
  }

  #checkWatcher(watcher: WatcherRecord): void {
    const responses = watcher.client.responses.filter(({ watchId }) => watchId === watcher.id);
    const last = responses.at(-1);
    const isCompacted = last?.canceled === true;
    const events = responses.flatMap((response) => response.events);
    checkWhole(responses);
    const expected = this.#expected(watcher);
    const isCut = isCompacted || watcher.cancelledAt !== undefined;
    const wanted = isCut ? expected.slice(0, events.length) : expected;
    const actual = events.map((event, i) => {
      const text = describeEvent(event);
      const main = event.kv!.modRevision;
      // The version before may be compacted by the time that the event is sent.
      const mayMiss = event.prevKv === undefined && main - 1 < this.model.compactRevision;
      return mayMiss && wanted[i]?.startsWith(`${text}<-`) ? wanted[i] : text;
    });
    assert.deepEqual(actual, wanted);
    if (isCompacted) {
      assert.ok(last.compactRevision <= this.model.compactRevision);
      assert.ok(watcher.from < last.compactRevision, "nothing that it needs was compacted");
    }
    if (watcher.cancelledAt !== undefined) {
      const late = watcher.client.responses.slice(watcher.cancelledAt);
      assert.ok(late.every(({ watchId }) => watchId !== watcher.id));
    }
  }

  #checkProgress(client: TestClient): void {
    client.responses.forEach(({ watchId, header }, at) => {
      if (watchId !== -1) {
        return;
      }
      const before = client.responses.slice(0, at);
      const alive = this.#watchers.filter(
        (watcher) =>
          watcher.client === client &&
          watcher.createdAt <= at &&
          (watcher.cancelledAt === undefined || watcher.cancelledAt > at) &&
          !before.some((response) => response.canceled && response.watchId === watcher.id),
      );
      for (const watcher of alive) {
        const sent = before.filter((response) => response.watchId === watcher.id);
        const count = sent.flatMap(({ events }) => events).length;
        const due = this.#expected(watcher).filter((text) => mainOf(text) <= header!.revision);
        if (watcher.createdAt < at) {
          assert.equal(count, due.length, `progress at ${header!.revision} came before an event`);
        }
      }
    });
  }
}

function mainOf(text: string): number {
  return Number(/@(\d+)/.exec(text)?.[1]);
}

/** Time goes on with every look at the clock, and timers are due when the loop comes round. */
function restlessClock(): Clock {
  const clock = hastyClock();
  return {
    ...clock,
    setTimer(_delayMs, callback) {
      let isCancelled = false;
      clock.defer(() => {
        if (!isCancelled) {
          callback();
        }
      });
      return { cancel: () => void (isCancelled = true) };
    },
  };
}

/** No revision is split over two responses, and revisions rise. */
function checkWhole(responses: readonly WatchResponse[]): void {
  let last = 0;
  for (const { events } of responses) {
    const mains = events.map(({ kv }) => kv!.modRevision);
    assert.ok(mains.every((main, i) => main >= (mains[i - 1] ?? last + 1)));
    last = mains.at(-1) ?? last;
  }
}

test("whatever happens, watchers get all of it in order, or are told that they cannot", async () => {
  const stepsArb = fc.array(stepArb, { maxLength: 40, size: "max" });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(0, 2000, 100_000),
      // What a response costs: never a rest, one now and then, and one after every response.
      fc.constantFrom(0, 6, 30),
      fc.tuple(stepsArb, stepsArb, stepsArb),
      async (windowBytesMax, responseMs, [before, cutOff, after]) => {
        const rig = new Rig(
          await TestWatch.open({ windowBytesMax, responseMs, clock: restlessClock() }),
          await TestStore.open(),
        );
        for (const step of before) {
          await rig.run(step);
        }
        if (cutOff.length > 0) {
          rig.cutOff();
          for (const step of cutOff) {
            await rig.run(step);
          }
          await rig.restore();
        }
        for (const step of after) {
          await rig.run(step);
        }
        await rig.check();
      },
    ),
    { numRuns: 90 },
  );
});
