/**
 * A frozen view for work that walks all of it: a backup, a hash, a snapshot for another member. Whoever
 * walks it does so in slices, as each read stands back for the changes that are awaited.
 */
import type { Clock } from "../env/env.ts";
import { type Foreground, TurnSlicer } from "../mvcc/turn.ts";
import type { EntrySlice } from "../lib/entry-slice.ts";
import type {
  AppliedState,
  BucketIterator,
  BucketRange,
  FrozenView,
  RecordWalk,
} from "../storage/backend.ts";
import type { Bucket } from "../storage/buckets.ts";
import type { EngineEntry } from "../storage/engine.ts";

export class PatientView implements FrozenView {
  readonly #view: FrozenView;
  readonly #clock: Clock;
  readonly #foreground: Foreground;

  constructor(view: FrozenView, clock: Clock, foreground: Foreground) {
    this.#view = view;
    this.#clock = clock;
    this.#foreground = foreground;
  }

  get applied(): AppliedState {
    return this.#view.applied;
  }

  get(bucket: Bucket, key: Uint8Array): Uint8Array | undefined {
    return this.#view.get(bucket, key);
  }

  iterate(bucket: Bucket, range?: BucketRange): BucketIterator {
    return new PatientIterator(this.#view.iterate(bucket, range), this.#slicer());
  }

  records(below?: Uint8Array): RecordWalk {
    return new PatientWalk(this.#view.records(below), this.#slicer());
  }

  close(): Promise<void> {
    return this.#view.close();
  }

  #slicer(): TurnSlicer {
    return new TurnSlicer(this.#clock, this.#foreground);
  }
}

class PatientIterator implements BucketIterator {
  readonly #inner: BucketIterator;
  readonly #slicer: TurnSlicer;

  constructor(inner: BucketIterator, slicer: TurnSlicer) {
    this.#inner = inner;
    this.#slicer = slicer;
  }

  async next(maxItems: number): Promise<readonly EngineEntry[]> {
    const entries = await this.#inner.next(maxItems);
    // Behind the read: what has been read is taken apart next, and that is the work.
    await this.#slicer.pause();
    return entries;
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

class PatientWalk implements RecordWalk {
  readonly #inner: RecordWalk;
  readonly #slicer: TurnSlicer;

  constructor(inner: RecordWalk, slicer: TurnSlicer) {
    this.#inner = inner;
    this.#slicer = slicer;
  }

  async next(): Promise<readonly EntrySlice[]> {
    const records = await this.#inner.next();
    await this.#slicer.pause();
    return records;
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
