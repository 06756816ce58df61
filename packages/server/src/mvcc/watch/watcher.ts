import type { InLine } from "../../lib/line.ts";
import type { Change } from "../change.ts";
import type { WatchedRange } from "./range-map.ts";
import type { WatchStream } from "./watch-stream.ts";

/**
 * Where a watcher stands.
 *
 *     synced    has been sent everything up to the store's revision; gets changes as they happen
 *     unsynced  is behind; the sync loop reads history for it
 *     blocked   is behind and its stream takes no more for now, being full or at rest; goes on when it does
 *     closed    cancelled, or not yet added
 *
 *     create ─→ synced ⇄ unsynced ⇄ blocked        a change that the stream cannot take: synced → blocked
 */
export type WatcherState = "synced" | "unsynced" | "blocked" | "closed";

export interface WatcherFilters {
  readonly noPut: boolean;
  readonly noDelete: boolean;
}

/** One watcher of a stream. Kept small: there may be a hundred thousand. */
export class Watcher implements WatchedRange, InLine {
  readonly stream: WatchStream;
  readonly id: number;
  readonly start: string;
  readonly end: string | undefined;
  readonly isPoint: boolean;
  /** As asked for; 0 for "from now on". */
  readonly startRevision: number;
  readonly withPrevious: boolean;
  readonly fragment: boolean;
  readonly progressNotify: boolean;
  readonly filters: WatcherFilters | undefined;
  /** Everything below was sent or need not be. Never decreases. */
  nextRevision: number;
  #state: WatcherState = "closed";
  /** Whether something was sent since the last progress notification was due. */
  wasActive = false;
  /** Among the watchers of its state. */
  place = 0;

  constructor(stream: WatchStream, id: number, spec: WatcherSpec) {
    this.stream = stream;
    this.id = id;
    this.start = spec.start;
    this.end = spec.end;
    this.isPoint = spec.isPoint;
    this.startRevision = spec.startRevision;
    this.withPrevious = spec.withPrevious;
    this.fragment = spec.fragment;
    this.progressNotify = spec.progressNotify;
    this.filters = spec.filters;
    this.nextRevision = spec.startRevision;
  }

  get state(): WatcherState {
    return this.#state;
  }

  /** Whether the sync loop may serve it. One of a closed stream only waits to be taken away. */
  get isUnsynced(): boolean {
    return this.#state === "unsynced" && !this.stream.isClosed;
  }

  /** The owner of the new state takes the watcher in; that of the old one has let it go. */
  moveTo(state: WatcherState): void {
    this.stream.behind += Number(isBehind(state)) - Number(isBehind(this.#state));
    this.#state = state;
  }

  /** Whether the watcher wants a change of its range. */
  accepts(change: Change): boolean {
    if (change.main < this.nextRevision) {
      return false;
    }
    if (this.filters === undefined) {
      return true;
    }
    return change.type === "put" ? !this.filters.noPut : !this.filters.noDelete;
  }

  advanceTo(nextRevision: number): void {
    if (nextRevision > this.nextRevision) {
      this.nextRevision = nextRevision;
    }
  }
}

function isBehind(state: WatcherState): boolean {
  return state === "unsynced" || state === "blocked";
}

export interface WatcherSpec extends WatchedRange {
  readonly startRevision: number;
  readonly withPrevious: boolean;
  readonly fragment: boolean;
  readonly progressNotify: boolean;
  readonly filters: WatcherFilters | undefined;
}
