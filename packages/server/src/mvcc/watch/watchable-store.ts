/**
 * Brings the store's changes to watchers: each revision's changes once, in order, whole.
 *
 * A synced watcher gets them in the turn of their write; finding the watchers of a change costs what
 * they are, not how many there are. A watcher whose stream is full keeps nothing but its next
 * revision, and catches up from history when the stream resumes, as one does that starts in the past.
 * If what it needs was compacted, it is cancelled with that reason; never is anything skipped.
 */
import type { Clock, Random } from "../../env/env.ts";
import { assert } from "../../lib/assert.ts";
import { DueQueue } from "../../lib/due-queue.ts";
import type { Line } from "../../lib/line.ts";
import type { Change } from "../change.ts";
import type { Store } from "../store.ts";
import { ChangeWindow } from "./change-window.ts";
import { Pace } from "./pace.ts";
import { Reaper } from "./reaper.ts";
import { WatchSync } from "./watch-sync.ts";
import { type HeaderFields, ResponseEncoder } from "./watch-response.ts";
import { type WatchSink, WatchStream } from "./watch-stream.ts";
import type { Watcher } from "./watcher.ts";
import { WatcherGroup } from "./watcher-group.ts";

const WINDOW_BYTES_MAX = 8 * 1024 * 1024;
const PROGRESS_INTERVAL_MS = 10 * 60 * 1000;
/** A revision that more watchers want is brought to them in slices, as if they had been behind. */
const LIVE_WATCHERS_MAX = 2000;

export interface WatchableOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly headerFields: () => HeaderFields;
  /** Responses of watchers that allow fragments are cut at this size. */
  readonly fragmentBytes: number;
  /** Background work failed. The process must end. */
  readonly onFatal: (error: Error) => void;
  readonly progressIntervalMs?: number;
  /** Bytes of recent changes kept in memory for watchers that fall behind a little. */
  readonly windowBytesMax?: number;
  /** What a response costs; see `Pace`. */
  readonly responseMs?: number;
}

export interface WatchCounts {
  readonly streams: number;
  readonly watchers: number;
  /** Those that are behind. */
  readonly slowWatchers: number;
}

export class WatchableStore {
  readonly encoder: ResponseEncoder;
  readonly fragmentBytes: number;
  readonly pace: Pace;
  readonly #options: WatchableOptions;
  readonly #store: Store;
  readonly #synced = new WatcherGroup();
  readonly #window: ChangeWindow;
  readonly #sync: WatchSync;
  readonly #reaper: Reaper;
  readonly #streams = new Set<WatchStream>();
  /** Which stream is to be looked at next for its periodic progress notices. */
  readonly #progress = new DueQueue<WatchStream>();
  #watchers = 0;
  #previousWanted = 0;
  /** Synced watchers were sent everything up to here. */
  #notifiedRevision: number;

  constructor(options: WatchableOptions) {
    this.#options = options;
    this.#store = options.store;
    this.fragmentBytes = options.fragmentBytes;
    this.encoder = new ResponseEncoder(options.headerFields);
    this.pace = new Pace(options.clock, options.responseMs);
    this.#reaper = new Reaper(options.clock, (watcher) => {
      this.removeWatcher(watcher);
    });
    this.#notifiedRevision = this.#store.currentRevision;
    const windowBytesMax = options.windowBytesMax ?? WINDOW_BYTES_MAX;
    this.#window = new ChangeWindow(windowBytesMax, this.#notifiedRevision);
    this.#sync = new WatchSync({
      store: this.#store,
      window: this.#window,
      clock: options.clock,
      pace: this.pace,
      onFatal: options.onFatal,
      onSynced: (watcher) => {
        this.#enterSynced(watcher);
      },
    });
    this.#store.setChangeListener((revision, changes) => {
      this.#notify(revision, changes);
    });
    this.#store.setRestoreListener(() => {
      this.#restored();
    });
  }

  get currentRevision(): number {
    return this.#store.currentRevision;
  }

  get counts(): WatchCounts {
    return {
      streams: this.#streams.size,
      watchers: this.#watchers,
      slowWatchers: this.#watchers - this.#synced.size,
    };
  }

  openStream(sink: WatchSink): WatchStream {
    const stream = new WatchStream(this, sink);
    this.#streams.add(stream);
    this.#scheduleProgress(stream);
    return stream;
  }

  /** Sends the periodic progress notifications that are due. Call it every 100 ms or so. */
  tick(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const queue = this.#progress;
    for (let due = queue.takeDue(nowMs); due !== undefined; due = queue.takeDue(nowMs)) {
      assert(!due.isClosed, "a closed stream is due for a progress notice");
      this.#scheduleProgress(due);
      if (due.wantsProgress) {
        due.notifyProgress();
      }
    }
  }

  /** For streams. */
  addWatcher(watcher: Watcher): void {
    this.#watchers++;
    this.#countPrevious(watcher, 1);
    const { startRevision } = watcher;
    if (startRevision === 0 || startRevision > this.currentRevision) {
      watcher.advanceTo(this.currentRevision + 1);
      this.#enterSynced(watcher);
    } else {
      this.#sync.add(watcher);
    }
  }

  /** For streams. */
  removeWatcher(watcher: Watcher): void {
    this.#watchers--;
    this.#countPrevious(watcher, -1);
    switch (watcher.state) {
      case "synced":
        this.#synced.delete(watcher);
        break;
      case "unsynced":
        this.#sync.delete(watcher);
        break;
      case "blocked":
        watcher.stream.blocked.delete(watcher);
        break;
      case "closed":
        assert(false, `watcher ${watcher.id} is removed twice`);
    }
    watcher.moveTo("closed");
  }

  /** For streams: calls back in a later turn. */
  defer(callback: () => void): void {
    this.#options.clock.defer(callback);
  }

  /** For streams: the watchers of a stream that has room again. */
  unblock(watchers: Line<Watcher>): void {
    for (let watcher = watchers.shift(); watcher !== undefined; watcher = watchers.shift()) {
      this.#sync.add(watcher);
    }
  }

  /** For streams: of one that is closed. Its watchers get nothing more and go by and by. */
  removeStream(stream: WatchStream): void {
    this.#streams.delete(stream);
    // Else the stream, its call and its connection would be kept until its next notice were due.
    if (stream.progressDue !== undefined) this.#progress.delete(stream.progressDue);
    this.#reaper.take(stream.watchers[Symbol.iterator]());
  }

  #notify(revision: number, changes: readonly Change[]): void {
    if (this.#streams.size === 0) {
      this.#window.clear(revision);
    } else {
      this.#window.add(changes);
    }
    if (this.#synced.size > 0) {
      if (changes.length === 1) {
        this.#notifyOne(revision, changes);
      } else {
        this.#notifyMany(revision, changes);
      }
    }
    this.#notifiedRevision = revision;
  }

  #notifyOne(revision: number, changes: readonly Change[]): void {
    const hit: Watcher[] = [];
    this.#synced.visit(changes[0]!.key, (watcher) => {
      if (watcher.accepts(changes[0]!)) {
        hit.push(watcher);
      }
    });
    if (hit.length > 0) {
      this.pace.look();
    }
    for (const watcher of hit) {
      this.#deliver(watcher, revision, hit.length > LIVE_WATCHERS_MAX ? undefined : changes);
    }
  }

  #notifyMany(revision: number, changes: readonly Change[]): void {
    const hit = new Map<Watcher, Change[]>();
    for (const change of changes) {
      this.#synced.visit(change.key, (watcher) => {
        if (watcher.accepts(change)) {
          const accepted = hit.get(watcher);
          if (accepted === undefined) {
            hit.set(watcher, [change]);
          } else {
            accepted.push(change);
          }
        }
      });
    }
    if (hit.size > 0) {
      this.pace.look();
    }
    for (const [watcher, accepted] of hit) {
      this.#deliver(watcher, revision, hit.size > LIVE_WATCHERS_MAX ? undefined : accepted);
    }
  }

  /** `changes` are all that the watcher wants of the revision; undefined leaves them to the sync loop. */
  #deliver(watcher: Watcher, revision: number, changes: readonly Change[] | undefined): void {
    const { stream } = watcher;
    // An answer before may have ended its stream.
    if (watcher.state !== "synced" || stream.isClosed) {
      return;
    }
    if (!stream.takesLive(revision)) {
      this.#fallBehind(watcher, revision);
      watcher.moveTo("blocked");
      stream.blocked.push(watcher);
    } else if (changes === undefined) {
      this.#fallBehind(watcher, revision);
      this.#sync.add(watcher);
    } else {
      if (watcher.withPrevious) {
        this.#sync.findPrevious(changes);
      }
      watcher.advanceTo(revision + 1);
      stream.sendEvents(watcher, revision, changes);
    }
  }

  #fallBehind(watcher: Watcher, nextRevision: number): void {
    watcher.advanceTo(nextRevision);
    this.#synced.delete(watcher);
  }

  #enterSynced(watcher: Watcher): void {
    watcher.moveTo("synced");
    this.#synced.add(watcher);
    watcher.stream.trySendProgress();
  }

  /**
   * The store's content was replaced. Nobody loses a place: who was synced has seen what the old
   * store had, and the new one may be ahead.
   */
  #restored(): void {
    for (const { watchers } of this.#streams) {
      for (const watcher of watchers) {
        if (watcher.state === "synced") {
          this.#fallBehind(watcher, this.#notifiedRevision + 1);
          this.#sync.add(watcher);
        }
      }
    }
    this.#notifiedRevision = Math.max(this.#notifiedRevision, this.currentRevision);
    this.#window.clear(this.currentRevision);
  }

  #countPrevious(watcher: Watcher, by: number): void {
    if (watcher.withPrevious) {
      this.#previousWanted += by;
      this.#store.keepsPrevious = this.#previousWanted > 0;
    }
  }

  #scheduleProgress(stream: WatchStream): void {
    const { clock, random, progressIntervalMs = PROGRESS_INTERVAL_MS } = this.#options;
    const jitterMs = random.nextInt(Math.max(1, Math.floor(progressIntervalMs / 10)));
    const atMs = clock.monotonicMs() + progressIntervalMs + jitterMs;
    stream.progressDue = this.#progress.add(stream, atMs);
  }
}
