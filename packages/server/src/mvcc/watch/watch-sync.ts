/**
 * Brings watchers that are behind up to date: from the window of recent changes if that reaches back
 * far enough, else from the store's history. Runs while there are such watchers, in slices, in rounds
 * of a few hundred watchers.
 */
import type { Clock } from "../../env/env.ts";
import { toError } from "../../lib/error-code.ts";
import { Line } from "../../lib/line.ts";
import type { Change } from "../change.ts";
import type { Store } from "../store.ts";
import { nextTurn, TurnSlicer } from "../turn.ts";
import type { ChangeWindow } from "./change-window.ts";
import { Cohorts } from "./cohorts.ts";
import { readHistory } from "./history.ts";
import type { Pace } from "./pace.ts";
import { eventBytes } from "./watch-response.ts";
import type { Watcher } from "./watcher.ts";

const ROUND_WATCHERS = 256;
/** A response with events of several revisions ends at the first bound it reaches. */
const RESPONSE_REVISIONS_MAX = 1000;
const RESPONSE_BYTES_MAX = 1024 * 1024;
/** Changes taken from the window between looks at the clock. */
const WINDOW_STEP = 64;
/** Changes collected from the window in one turn, over all cohorts. */
const WINDOW_CHANGES_MAX = 20_000;

export interface WatchSyncOptions {
  readonly store: Store;
  readonly window: ChangeWindow;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly onFatal: (error: Error) => void;
  /** The watcher has everything up to the store's revision and is no longer in here. */
  readonly onSynced: (watcher: Watcher) => void;
}

export class WatchSync {
  readonly #options: WatchSyncOptions;
  readonly #unsynced = new Line<Watcher>();
  #isRunning = false;

  constructor(options: WatchSyncOptions) {
    this.#options = options;
  }

  add(watcher: Watcher): void {
    watcher.moveTo("unsynced");
    this.#unsynced.push(watcher);
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#options.clock.defer(() => {
        void this.#run();
      });
    }
  }

  delete(watcher: Watcher): void {
    this.#unsynced.delete(watcher);
  }

  /**
   * Looks up the versions before the changes, for watchers that want them. One that is compacted is
   * gone, even where it has been looked up before: what is sent must not depend on who else watches.
   */
  findPrevious(changes: readonly Change[]): void {
    const { store } = this.#options;
    for (const change of changes) {
      if (change.isCreate || change.main - 1 < store.compactRevision) {
        change.setPrevious(undefined);
      } else if (!change.knowsPrevious) {
        change.setPrevious(store.recordAt(change.key, change.main - 1));
      }
    }
  }

  async #run(): Promise<void> {
    try {
      while (this.#unsynced.size > 0 && !this.#options.store.isClosed) {
        await this.#round();
        await nextTurn(this.#options.clock);
      }
    } catch (error) {
      if (!this.#options.store.isClosed) {
        this.#options.onFatal(toError(error));
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #round(): Promise<void> {
    this.#options.pace.look();
    const near: Watcher[] = [];
    const far = new Map<string, Watcher[]>();
    for (const watcher of this.#takeRound()) {
      if (this.#isReady(watcher)) {
        if (watcher.nextRevision >= this.#options.window.firstRevision) {
          near.push(watcher);
        } else {
          const range = JSON.stringify([watcher.start, watcher.isPoint, watcher.end]);
          far.set(range, [...(far.get(range) ?? []), watcher]);
        }
      }
    }
    if (near.length > 0) {
      this.#catchUpFromWindow(near);
    }
    for (const watchers of far.values()) {
      await this.#catchUpFromHistory(watchers);
    }
  }

  /** The watchers that wait longest; they go to the end of the queue. */
  #takeRound(): Watcher[] {
    const taken: Watcher[] = [];
    const count = Math.min(ROUND_WATCHERS, this.#unsynced.size);
    while (taken.length < count) {
      const watcher = this.#unsynced.shift()!;
      this.#unsynced.push(watcher);
      taken.push(watcher);
    }
    return taken;
  }

  /** Whether there is history to send; deals with the watcher otherwise. */
  #isReady(watcher: Watcher): boolean {
    const { store } = this.#options;
    if (!watcher.isUnsynced) {
      return false;
    }
    if (watcher.stream.isPaused) {
      this.#block(watcher);
      return false;
    }
    if (watcher.nextRevision < store.compactRevision) {
      watcher.stream.sendCompacted(watcher, store.compactRevision);
      return false;
    }
    if (watcher.nextRevision > store.currentRevision) {
      this.#finish(watcher);
      return false;
    }
    return true;
  }

  /** As far as a slice of time allows; nothing is written meanwhile. */
  #catchUpFromWindow(watchers: readonly Watcher[]): void {
    const slicer = new TurnSlicer(this.#options.clock);
    const cohorts = new Cohorts();
    // Those of one id share their bytes if they are served one after the other.
    for (const watcher of watchers.toSorted((a, b) => a.id - b.id)) {
      cohorts.add(watcher);
    }
    const throughRevision = this.#collect(cohorts, slicer);
    for (const { watchers: alike, changes } of cohorts.all) {
      this.#deliver(alike, changes, throughRevision, slicer);
    }
  }

  /** Collects what the window has; returns the revision up to which that is all. */
  #collect(cohorts: Cohorts, slicer: TurnSlicer): number {
    const { window, store } = this.#options;
    let collected = 0;
    let steps = 0;
    let revision = cohorts.nextRevision;
    for (; revision <= store.currentRevision; revision++) {
      const changes = window.changesAt(revision)!;
      for (const change of changes) {
        collected += cohorts.collect(change);
      }
      steps += changes.length;
      if (collected >= WINDOW_CHANGES_MAX || (steps >= WINDOW_STEP && slicer.isOver)) {
        return revision;
      }
      steps %= WINDOW_STEP;
    }
    return store.currentRevision;
  }

  async #catchUpFromHistory(watchers: readonly Watcher[]): Promise<void> {
    const { store, clock } = this.#options;
    // Earlier reads of the round took time: anything may have happened to these watchers.
    const ready = watchers.filter((watcher) => this.#isReady(watcher));
    const first = ready[0];
    if (first === undefined) {
      return;
    }
    const from = Math.min(...ready.map(({ nextRevision }) => nextRevision));
    const withPrevious = ready.some((watcher) => watcher.withPrevious);
    const batches = readHistory(store.state, first, from, { clock, withPrevious });
    const slicer = new TurnSlicer(clock);
    let left = ready;
    for await (const { changes, throughRevision } of batches) {
      for (const watcher of left) {
        const accepted = changes.filter((change) => watcher.accepts(change));
        this.#deliver([watcher], accepted, throughRevision);
        await slicer.pause();
      }
      // One that could not take all of this batch must not get the next, even if it is free again.
      left = left.filter((watcher) => watcher.nextRevision > throughRevision);
      if (left.length === 0) {
        return;
      }
    }
  }

  /**
   * `changes` are all that these watchers, who stand alike, want up to `throughRevision`. Each gets
   * what its stream takes before the slice is over, at least one of them something.
   */
  #deliver(
    watchers: readonly Watcher[],
    changes: readonly Change[],
    throughRevision: number,
    slicer?: TurnSlicer,
  ): void {
    const { withPrevious } = watchers[0]!;
    if (withPrevious) {
      this.findPrevious(changes);
    }
    let reached = 0;
    for (let start = 0; start < changes.length; ) {
      const end = responseEnd(changes, start, withPrevious);
      const response = changes.slice(start, end);
      for (const watcher of watchers) {
        this.#send(watcher, response, reached);
        if (slicer?.isOver === true) {
          return;
        }
      }
      reached = changes[end - 1]!.main + 1;
      start = end;
    }
    for (const watcher of watchers) {
      this.#advance(watcher, reached, throughRevision);
    }
  }

  /** One response, unless the watcher did not get those before it, which end below `reached`. */
  #send(watcher: Watcher, changes: readonly Change[], reached: number): void {
    if (!watcher.isUnsynced || watcher.nextRevision < reached) {
      return;
    }
    if (watcher.stream.isPaused) {
      watcher.advanceTo(changes[0]!.main);
      this.#block(watcher);
      return;
    }
    watcher.advanceTo(changes.at(-1)!.main + 1);
    watcher.stream.sendEvents(watcher, this.#options.store.currentRevision, changes);
  }

  /** The watcher has everything up to `throughRevision` if it got all below `reached`. */
  #advance(watcher: Watcher, reached: number, throughRevision: number): void {
    if (!watcher.isUnsynced || watcher.nextRevision < reached) {
      return;
    }
    watcher.advanceTo(throughRevision + 1);
    if (watcher.nextRevision > this.#options.store.currentRevision) {
      this.#finish(watcher);
    }
  }

  #block(watcher: Watcher): void {
    this.#unsynced.delete(watcher);
    watcher.moveTo("blocked");
    watcher.stream.blocked.push(watcher);
  }

  #finish(watcher: Watcher): void {
    this.#unsynced.delete(watcher);
    this.#options.onSynced(watcher);
  }
}

/** The end of a response that begins at `start`: whole revisions, at least one. */
function responseEnd(changes: readonly Change[], start: number, withPrevious: boolean): number {
  let revisions = 0;
  let bytes = 0;
  let end = start;
  while (end < changes.length) {
    const isNewRevision = end === start || changes[end]!.main !== changes[end - 1]!.main;
    if (isNewRevision) {
      if (revisions === RESPONSE_REVISIONS_MAX || bytes >= RESPONSE_BYTES_MAX) {
        break;
      }
      revisions++;
    }
    bytes += eventBytes(changes[end]!, withPrevious);
    end++;
  }
  return end;
}
