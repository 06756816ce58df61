/**
 * The watchers of one Watch RPC and the way to its client. Everything that the client gets from here
 * goes through one ordered sink, so a progress notification can never overtake an event.
 */
import {
  type WatchCreateRequest,
  WatchCreateRequest_FilterType,
  WatchResponse,
} from "@kvorum/proto";
import { bytesToKey } from "../../lib/bytes.ts";
import type { Due } from "../../lib/due-queue.ts";
import { Line } from "../../lib/line.ts";
import type { Change } from "../change.ts";
import type { Resting } from "./pace.ts";
import type { WatchableStore } from "./watchable-store.ts";
import { EventsResponse, eventBytes } from "./watch-response.ts";
import { Watcher, type WatcherFilters, type WatcherSpec } from "./watcher.ts";

const PROGRESS_WATCH_ID = -1;
/** Watchers that a turn tells that nothing happened. */
const NOTICES_PER_TURN = 500;
const WATCH_EVENTS_OVERHEAD_BYTES = 64;

export interface WatchSink {
  /**
   * Takes one response; `encoded`, when given, is its wire form and must not be changed. False says
   * that the sink is full: no more events until `WatchStream.resume()`.
   */
  send(response: WatchResponse, encoded?: Uint8Array): boolean;
}

/** Why a watcher could not be created; the text is for the client's `cancel_reason`. */
export class WatchCreateError extends Error {
  override readonly name = "WatchCreateError";
}

export class WatchStream implements Resting {
  /** Watchers that wait for `resume`. */
  readonly blocked: Line<Watcher> = new Line();
  /** For the store: when its next progress notices are due. */
  progressDue: Due<WatchStream> | undefined = undefined;
  /** Watchers that are not synced; they count themselves. */
  behind = 0;
  readonly #store: WatchableStore;
  readonly #sink: WatchSink;
  readonly #watchers = new Map<number, Watcher>();
  #nextId = 0;
  #isPaused = false;
  #isResting = false;
  #isClosed = false;
  /** Of the revision whose changes it was last asked to take. */
  #askedRevision = 0;
  #servedAtMs = Number.NEGATIVE_INFINITY;
  #isProgressWanted = false;
  #progressWatchers = 0;

  constructor(store: WatchableStore, sink: WatchSink) {
    this.#store = store;
    this.#sink = sink;
  }

  get watchers(): Iterable<Watcher> {
    return this.#watchers.values();
  }

  /** The sink is full. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether any watcher wants to hear that nothing happened. */
  get wantsProgress(): boolean {
    return this.#progressWatchers > 0;
  }

  /**
   * Creates a watcher and returns its id; `onCreated` gets it before any event is sent. The caller has
   * checked permissions. Throws `WatchCreateError`.
   */
  create(request: WatchCreateRequest, onCreated: (watchId: number) => void): number {
    const spec = toWatcherSpec(request);
    if (this.#isClosed || (spec.end !== undefined && spec.start >= spec.end)) {
      throw new WatchCreateError("mvcc: watcher range is empty");
    }
    const id = this.#takeId(request.watchId);
    onCreated(id);
    const watcher = new Watcher(this, id, spec);
    this.#watchers.set(id, watcher);
    this.#progressWatchers += Number(spec.progressNotify);
    this.#store.addWatcher(watcher);
    return id;
  }

  /** False when there is no such watcher. */
  cancel(watchId: number): boolean {
    const watcher = this.#watchers.get(watchId);
    if (watcher === undefined || this.#isClosed) {
      return false;
    }
    this.#forget(watcher);
    // The caller answers the cancellation first; a progress notice that waited for it comes behind.
    if (this.#isProgressWanted) {
      this.#store.defer(() => {
        this.trySendProgress();
      });
    }
    return true;
  }

  /**
   * Sends one notification with watch id −1: everything up to its revision was sent to all watchers
   * of the stream. If some are behind, as soon as none is. None for a stream without watchers, or
   * with one that begins in the future.
   */
  requestProgress(): void {
    this.#isProgressWanted = true;
    this.trySendProgress();
  }

  /** The sink has room again. */
  resume(): void {
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#goOn();
    }
  }

  /** For the pace. */
  wake(): void {
    this.#isResting = false;
    this.#goOn();
  }

  /**
   * For the store: whether changes can be sent as they happen. The same for all of a revision. While a
   * progress notice is due no rest begins: else of many watchers some would always be behind.
   */
  takesLive(revision: number): boolean {
    const { pace } = this.#store;
    if (revision > this.#askedRevision) {
      this.#askedRevision = revision;
      const mayRest = !this.#isResting && !this.#isProgressWanted;
      if (mayRest && pace.mustRest(this.#servedAtMs)) {
        this.#isResting = true;
        pace.rest(this);
      }
    }
    return !this.#isPaused && !this.#isResting;
  }

  /** Ends all watchers; nothing is sent any more. Idempotent. */
  close(): void {
    if (this.#isClosed) {
      return;
    }
    this.#progressWatchers = 0;
    this.#isClosed = true;
    this.#store.removeStream(this);
  }

  /** For the store: the stream must not be paused. All changes are ≥ the watcher's next revision. */
  sendEvents(watcher: Watcher, revision: number, changes: readonly Change[]): void {
    watcher.wasActive = true;
    const { fragmentBytes } = this.#store;
    let start = 0;
    while (watcher.fragment && start < changes.length) {
      const end = fragmentEnd(changes, start, watcher.withPrevious, fragmentBytes);
      if (start === 0 && end === changes.length) {
        break;
      }
      this.#sendPart(watcher, revision, changes.slice(start, end), end < changes.length);
      start = end;
    }
    if (start === 0) {
      this.#sendPart(watcher, revision, changes, false);
    }
  }

  /** For the store: the watcher's next revision is compacted. The stream must not be paused. */
  sendCompacted(watcher: Watcher, compactRevision: number): void {
    this.#send(
      WatchResponse.create({
        header: { ...this.#store.encoder.header(0) },
        watchId: watcher.id,
        canceled: true,
        compactRevision,
      }),
    );
    this.#forget(watcher);
    this.trySendProgress();
  }

  /** Answers a progress request if all watchers are synced by now. */
  trySendProgress(): void {
    const canSend = this.behind === 0 && !this.#isPaused && !this.#isClosed;
    if (!this.#isProgressWanted || !canSend) {
      return;
    }
    const revision = this.#store.currentRevision;
    this.#isProgressWanted = false;
    if (this.#watchers.size > 0 && this.#isAllStarted(revision)) {
      this.#sendNotice(PROGRESS_WATCH_ID, revision);
    }
  }

  /**
   * The periodic notifications: for each watcher that wants them and had no event since the last; if
   * there are many, in several turns.
   */
  notifyProgress(watchers: Iterator<Watcher> = this.#watchers.values()): void {
    for (let i = 0; i < NOTICES_PER_TURN; i++) {
      const next = watchers.next();
      if (next.done === true || this.#isClosed) {
        return;
      }
      if (next.value.progressNotify) {
        this.#notifyIdle(next.value);
      }
    }
    this.#store.defer(() => {
      this.notifyProgress(watchers);
    });
  }

  #notifyIdle(watcher: Watcher): void {
    const revision = this.#store.currentRevision;
    const isDue = !watcher.wasActive && watcher.state === "synced" && !this.#isPaused;
    if (isDue && revision >= watcher.startRevision) {
      this.#sendNotice(watcher.id, revision);
    }
    watcher.wasActive = false;
  }

  #goOn(): void {
    if (!this.#isPaused && !this.#isResting && !this.#isClosed) {
      this.#store.unblock(this.blocked);
      this.trySendProgress();
    }
  }

  #takeId(wanted: number): number {
    if (wanted === 0) {
      while (this.#watchers.has(this.#nextId)) {
        this.#nextId++;
      }
      return this.#nextId++;
    }
    if (!Number.isSafeInteger(wanted)) {
      throw new WatchCreateError("kvorum: a watch ID must lie between -2^53 and 2^53");
    }
    if (this.#watchers.has(wanted)) {
      throw new WatchCreateError("mvcc: duplicate watch ID provided on the WatchStream");
    }
    return wanted;
  }

  #forget(watcher: Watcher): void {
    this.#watchers.delete(watcher.id);
    this.#progressWatchers -= Number(watcher.progressNotify);
    this.#store.removeWatcher(watcher);
  }

  #isAllStarted(revision: number): boolean {
    for (const watcher of this.#watchers.values()) {
      if (watcher.startRevision > revision) {
        return false;
      }
    }
    return true;
  }

  #sendPart(
    watcher: Watcher,
    revision: number,
    changes: readonly Change[],
    fragment: boolean,
  ): void {
    const { encoder, pace } = this.#store;
    pace.charge();
    this.#servedAtMs = pace.nowMs;
    const header = encoder.header(revision);
    const response = new EventsResponse(header, watcher, changes, fragment);
    this.#send(response, encoder.encode(response));
  }

  #sendNotice(watchId: number, revision: number): void {
    const header = { ...this.#store.encoder.header(revision) };
    this.#send(WatchResponse.create({ header, watchId }));
  }

  #send(response: WatchResponse, encoded?: Uint8Array): void {
    if (!this.#sink.send(response, encoded)) {
      this.#isPaused = true;
    }
  }
}

/** A client that wants everything from "no key" on means `\0`; that is also the smallest key. */
function toWatcherSpec(request: WatchCreateRequest): WatcherSpec {
  const { rangeEnd, startRevision } = request;
  if (startRevision < 0) {
    throw new WatchCreateError("etcdserver: mvcc: required revision has been compacted");
  }
  const isPoint = rangeEnd.length === 0;
  const start = request.key.length === 0 ? "\0" : bytesToKey(request.key);
  const isUnbounded = rangeEnd.length === 1 && rangeEnd[0] === 0;
  const rangeEndKey = isUnbounded ? undefined : bytesToKey(rangeEnd);
  return {
    start,
    end: isPoint ? undefined : rangeEndKey,
    isPoint,
    startRevision,
    withPrevious: request.prevKv,
    fragment: request.fragment,
    progressNotify: request.progressNotify,
    filters: toFilters(request.filters),
  };
}

function toFilters(types: readonly number[]): WatcherFilters | undefined {
  if (types.length === 0) {
    return undefined;
  }
  return {
    noPut: types.includes(WatchCreateRequest_FilterType.NOPUT),
    noDelete: types.includes(WatchCreateRequest_FilterType.NODELETE),
  };
}

/** The end of a fragment that begins at `start`: at least one event. */
function fragmentEnd(
  changes: readonly Change[],
  start: number,
  withPrevious: boolean,
  bytesMax: number,
): number {
  let bytes = WATCH_EVENTS_OVERHEAD_BYTES;
  let end = start;
  while (end < changes.length) {
    bytes += eventBytes(changes[end]!, withPrevious);
    if (end > start && bytes >= bytesMax) {
      break;
    }
    end++;
  }
  return end;
}
