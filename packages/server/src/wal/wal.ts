/**
 * The write-ahead log: what a member must not forget. Entries, the hard state and markers are encoded
 * when they are handed in, and go to disk in groups: while one group is being written, all that
 * arrives collects in the next, which is then one write, durable on return (`O_DSYNC`; measured
 * about a tenth faster than a write and an fdatasync, which need two trips to the thread pool).
 *
 *   append → [ filling group ] → [ group being written ] → durable → callers resolved in order
 *
 * The first failed write poisons the log for ever: after a failed sync the kernel may have dropped the
 * data and call the next sync a success, so nothing that follows could be trusted.
 */
import type { Clock, Log } from "../env/env.ts";
import { assert, fail } from "../lib/assert.ts";
import { createDeferred } from "../lib/deferred.ts";
import { toError } from "../lib/error-code.ts";
import type { Entry, HardState } from "../raft/messages.ts";
import { WalError } from "./errors.ts";
import { Group } from "./group.ts";
import type { LogHead } from "./group.ts";
import type { SegmentChain } from "./segment-chain.ts";
import type { LogPosition } from "./segment-header.ts";

/** A sync that takes longer is worth a warning. */
const SLOW_WRITE_MS = 1000;

export interface WalAppend {
  /** A received snapshot replaces the log: what is before is void, entries follow it. */
  readonly snapshot?: LogPosition | undefined;
  /** The first may overwrite earlier ones; the others follow without a gap. */
  readonly entries?: readonly Entry[] | undefined;
  readonly hardState?: HardState | undefined;
  /** All entries up to here are durable in the engine. */
  readonly checkpoint?: LogPosition | undefined;
}

export interface AppendOptions {
  /**
   * True: resolved when durable. False: allowed without entries and snapshot; what is given goes to
   * disk with the next durable append or at `close`, and may be lost until then.
   */
  readonly sync: boolean;
}

/** Told about every group that became durable. */
export type WalObserver = (group: {
  readonly bytes: number;
  readonly durationSeconds: number;
}) => void;

export interface WalParts {
  readonly chain: SegmentChain;
  readonly head: LogHead;
  readonly clock: Clock;
  readonly log: Log;
  readonly queueBytesMax: number;
  readonly observe: WalObserver | undefined;
}

export class Wal {
  readonly #parts: WalParts;
  #filling: Group;
  #spare: Group;
  /** The log up to the last group that is durable. */
  #durable: LogHead;
  /** Waits for the next durable append. */
  #lazyHardState: HardState | undefined;
  #lazyCheckpoint: LogPosition | undefined;
  #writing: Promise<void> | undefined;
  #releasing: Promise<void> = Promise.resolve();
  #failure: WalError | undefined;
  #closed = false;

  constructor(parts: WalParts) {
    this.#parts = parts;
    this.#filling = new Group(parts.head);
    this.#spare = new Group(parts.head);
    this.#durable = parts.head;
  }

  /** The last entry handed in. */
  get last(): LogPosition {
    return this.#filling.head.last;
  }

  /** Why the log takes nothing more; `undefined` while it works. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /**
   * Adds records in this order: snapshot, entries, hard state, checkpoint. They are encoded before
   * the call returns, so buffers may be reused. Resolves in the order of the calls. Rejects with
   * `WalError`; after `wal/failed` the process must end.
   */
  append(records: WalAppend, options: AppendOptions): Promise<void> {
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      return Promise.reject(refusal);
    }
    if (!options.sync) {
      this.#keepForLater(records);
      return Promise.resolve();
    }
    this.#encode(records);
    const waiter = createDeferred<void>();
    this.#filling.waiters.push(waiter);
    this.#writing ??= this.#writeGroups();
    return waiter.promise;
  }

  /**
   * Removes segments that hold nothing above `index`. The caller has made everything up to there
   * durable elsewhere. At most the current segment's worth of older entries stays.
   */
  release(index: number): Promise<void> {
    const release = this.#releasing.then(async () => {
      const refusal = this.#failure;
      if (refusal !== undefined) {
        throw refusal;
      }
      try {
        await this.#parts.chain.release(index);
      } catch (error) {
        throw this.#fail(error);
      }
    });
    this.#releasing = release.catch(() => undefined);
    return release;
  }

  /** Writes what is waiting and closes the files. Idempotent. Later calls reject. */
  async close(): Promise<void> {
    if (this.#closed) {
      return;
    }
    if (this.#lazyHardState !== undefined || this.#lazyCheckpoint !== undefined) {
      await this.append({}, { sync: true });
    }
    this.#closed = true;
    await this.#writing;
    await this.#releasing;
    if (this.#failure === undefined) {
      await this.#parts.chain.close();
    }
  }

  #refusal(): WalError | undefined {
    if (this.#failure !== undefined) {
      return this.#failure;
    }
    if (this.#closed) {
      return new WalError("wal/closed", "the write-ahead log is closed");
    }
    if (this.#filling.length > this.#parts.queueBytesMax) {
      const waiting = `${this.#filling.length} bytes wait to be written`;
      return new WalError("wal/overloaded", `the write-ahead log is overloaded: ${waiting}`);
    }
    return undefined;
  }

  #keepForLater(records: WalAppend): void {
    const count = records.entries?.length ?? 0;
    assert(count === 0, `${count} entries must be appended durably`);
    assert(records.snapshot === undefined, "a snapshot marker must be appended durably");
    this.#lazyHardState = records.hardState ?? this.#lazyHardState;
    this.#lazyCheckpoint = records.checkpoint ?? this.#lazyCheckpoint;
  }

  #encode(records: WalAppend): void {
    const group = this.#filling;
    const hardState = records.hardState ?? this.#lazyHardState;
    const checkpoint = records.checkpoint ?? this.#lazyCheckpoint;
    this.#lazyHardState = undefined;
    this.#lazyCheckpoint = undefined;
    if (records.snapshot !== undefined) {
      group.addSnapshot(records.snapshot);
    }
    if (records.entries !== undefined) {
      addEntries(group, records.entries);
    }
    if (hardState !== undefined) {
      group.addHardState(hardState);
    }
    // One that waited may have been overtaken by a snapshot.
    if (checkpoint !== undefined && checkpoint.index > group.head.checkpoint.index) {
      group.addCheckpoint(checkpoint);
    }
  }

  /** Writes group after group until nothing waits. Never rejects; errors go to the waiters. */
  async #writeGroups(): Promise<void> {
    // What else is appended in this turn joins the first group.
    await Promise.resolve();
    while (this.#filling.waiters.length > 0) {
      const group = this.#swap();
      try {
        await this.#writeGroup(group);
      } catch (error) {
        const failure = this.#fail(error);
        rejectAll(group, failure);
        rejectAll(this.#filling, failure);
        return;
      }
      this.#durable = group.head;
      for (const waiter of group.waiters) {
        waiter.resolve();
      }
    }
    this.#writing = undefined;
  }

  /** Closes the filling group and starts the next one behind it. */
  #swap(): Group {
    const group = this.#filling;
    this.#filling = this.#spare;
    this.#filling.reset(group.head);
    this.#spare = group;
    return group;
  }

  async #writeGroup(group: Group): Promise<void> {
    const bytes = group.toBytes();
    if (bytes.length === 0) {
      return;
    }
    const { clock, chain, observe } = this.#parts;
    const start = clock.monotonicMs();
    await chain.write(bytes, this.#durable);
    const durationMs = clock.monotonicMs() - start;
    observe?.({ bytes: bytes.length, durationSeconds: durationMs / 1000 });
    if (durationMs > SLOW_WRITE_MS) {
      this.#parts.log.warn("slow fdatasync", {
        took: `${(durationMs / 1000).toFixed(3)}s`,
        "expected-duration": `${SLOW_WRITE_MS / 1000}s`,
      });
    }
  }

  #fail(error: unknown): WalError {
    const cause = toError(error);
    this.#failure ??= new WalError("wal/failed", `write-ahead log failed: ${cause.message}`, cause);
    return this.#failure;
  }
}

function addEntries(group: Group, entries: readonly Entry[]): void {
  let last = group.head.last.index;
  for (const entry of entries) {
    if (entry.index > last + 1) {
      fail(`entry ${entry.index} would leave a gap after entry ${last}`);
    }
    last = entry.index;
    group.addEntry(entry);
  }
}

function rejectAll(group: Group, error: Error): void {
  for (const waiter of group.waiters) {
    waiter.reject(error);
  }
}
