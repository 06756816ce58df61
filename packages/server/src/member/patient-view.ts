/**
 * A frozen view for work that walks all of it: a backup, a hash, a snapshot for another member. Whoever
 * walks it does so in slices, as each read stands back for the changes that are awaited.
 */
import type { Clock } from "../env/env.ts";
import { type Foreground, TurnSlicer } from "../mvcc/turn.ts";
import type {
  AppliedState,
  BucketIterator,
  BucketRange,
  FrozenView,
  RecordWalk,
} from "../storage/backend.ts";
import type { Bucket } from "../storage/buckets.ts";

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
    return new PatientReads(this.#view.iterate(bucket, range), this.#slicer());
  }

  records(below?: Uint8Array): RecordWalk {
    return new PatientReads(this.#view.records(below), this.#slicer());
  }

  close(): Promise<void> {
    return this.#view.close();
  }

  #slicer(): TurnSlicer {
    return new TurnSlicer(this.#clock, this.#foreground);
  }
}

/** What a view is walked by, whether its reads take a number of entries or not. */
interface Reads<Args extends readonly unknown[], Found> {
  next(...args: Args): Promise<Found>;
  close(): Promise<void>;
}

class PatientReads<Args extends readonly unknown[], Found> implements Reads<Args, Found> {
  readonly #inner: Reads<Args, Found>;
  readonly #slicer: TurnSlicer;

  constructor(inner: Reads<Args, Found>, slicer: TurnSlicer) {
    this.#inner = inner;
    this.#slicer = slicer;
  }

  async next(...args: Args): Promise<Found> {
    const found = await this.#inner.next(...args);
    // Behind the read: what has been read is taken apart next, and that is the work.
    await this.#slicer.pause();
    return found;
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
