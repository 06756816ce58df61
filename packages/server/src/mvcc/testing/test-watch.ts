/** Watch streams that record what their clients would get, and can be slow. */
import { type Event, WatchCreateRequest, WatchResponse } from "@kvorum/proto";
import assert from "node:assert/strict";
import type { Clock } from "../../env/env.ts";
import { nodeClock, nodeRandom } from "../../env/node-env.ts";
import { bytesToKey } from "../../lib/bytes.ts";
import { WatchableStore } from "../watch/watchable-store.ts";
import type { WatchStream } from "../watch/watch-stream.ts";
import { TestStore, type TestStoreOptions } from "./test-store.ts";

export const memberHeader = {
  clusterId: 0xcdf818194e3a8c32n,
  memberId: 0x8e9e05c52164694dn,
  raftTerm: 3,
};

export interface TestWatchOptions extends TestStoreOptions {
  readonly windowBytesMax?: number;
  readonly fragmentBytes?: number;
  readonly progressIntervalMs?: number;
  readonly responseMs?: number;
}

export class TestWatch {
  readonly t: TestStore;
  readonly watchable: WatchableStore;

  private constructor(t: TestStore, options: TestWatchOptions, clock: Clock) {
    this.t = t;
    this.watchable = new WatchableStore({
      store: t.store,
      clock,
      random: { ...nodeRandom, nextInt: () => 0 },
      headerFields: () => memberHeader,
      fragmentBytes: options.fragmentBytes ?? 2 * 1024 * 1024,
      onFatal: (error) => {
        t.errors.push(error);
      },
      ...(options.windowBytesMax === undefined ? {} : { windowBytesMax: options.windowBytesMax }),
      ...(options.progressIntervalMs === undefined
        ? {}
        : { progressIntervalMs: options.progressIntervalMs }),
      ...(options.responseMs === undefined ? {} : { responseMs: options.responseMs }),
    });
  }

  static async open(options: TestWatchOptions = {}): Promise<TestWatch> {
    const t = await TestStore.open(options);
    return new TestWatch(t, options, options.clock ?? nodeClock);
  }

  /** Watches over a store that has been reopened. */
  static over(t: TestStore, options: TestWatchOptions = {}): TestWatch {
    return new TestWatch(t, options, options.clock ?? nodeClock);
  }

  client(room: number = Number.POSITIVE_INFINITY): TestClient {
    return new TestClient(this.watchable, room);
  }

  /** Lets background work go on until all watchers are synced or blocked. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < 200; turns++) {
      await new Promise<void>((resolve) => {
        nodeClock.defer(resolve);
      });
    }
    assert.deepEqual(this.t.errors, []);
  }
}

export class TestClient {
  readonly stream: WatchStream;
  readonly responses: WatchResponse[] = [];
  /** Responses it takes before it is full. */
  room: number;

  constructor(watchable: WatchableStore, room: number) {
    this.room = room;
    this.stream = watchable.openStream({
      send: (response, encoded) => {
        this.#take(response, encoded);
        this.room--;
        return this.room > 0;
      },
    });
  }

  watch(key: string, end = "", options: Partial<WatchCreateRequest> = {}): number {
    const request = { key: Buffer.from(key), rangeEnd: Buffer.from(end), ...options };
    return this.stream.create(WatchCreateRequest.create(request), () => {});
  }

  /** Everything that was received is read, and `room` more responses may come. */
  drain(room: number = Number.POSITIVE_INFINITY): void {
    this.room = room;
    this.stream.resume();
  }

  /** Events of a watcher, or of all. */
  events(watchId?: number): Event[] {
    return this.responses
      .filter((response) => watchId === undefined || response.watchId === watchId)
      .flatMap(({ events }) => events);
  }

  /** `PUT a=1@2` or `DELETE a@3`, with `<-0` for a previous value. */
  described(watchId?: number): string[] {
    return this.events(watchId).map(describeEvent);
  }

  #take(response: WatchResponse, encoded: Uint8Array | undefined): void {
    const copy = WatchResponse.create({ ...response, events: response.events });
    if (encoded !== undefined) {
      assert.deepEqual(
        Buffer.from(encoded).toString("hex"),
        WatchResponse.encode(copy).toString("hex"),
        "the wire form must be that of the response",
      );
    }
    this.responses.push(WatchResponse.decode(WatchResponse.encode(copy)));
  }
}

export function describeEvent({ type, kv, prevKv }: Event): string {
  const key = bytesToKey(kv!.key);
  const previous = prevKv === undefined ? "" : `<-${bytesToKey(prevKv.value)}`;
  return type === 0
    ? `PUT ${key}=${bytesToKey(kv!.value)}@${kv!.modRevision}${previous}`
    : `DELETE ${key}@${kv!.modRevision}${previous}`;
}
