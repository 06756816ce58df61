/**
 * Everything that is replicated, in memory, on one backend: keys, leases, membership, alarms. It
 * changes only by applying log entries, and is replaced as a whole when a snapshot is installed.
 */
import type { Clock } from "../env/env.ts";
import { Lessor } from "../lease/lessor.ts";
import { Cluster } from "../membership/cluster.ts";
import type { IndexImages } from "../mvcc/image.ts";
import { LONG_DELETE_KEYS_MIN } from "../mvcc/long-delete.ts";
import { Store } from "../mvcc/store.ts";
import { Foreground } from "../mvcc/turn.ts";
import { decodeConfState, encodeConfState } from "../raft/codec.ts";
import { createConfState, type SnapshotMetadata } from "../raft/messages.ts";
import type { AppliedState, Backend, FrozenView } from "../storage/backend.ts";
import { AlarmStore } from "./alarm-store.ts";
import { PatientView } from "./patient-view.ts";

export interface StateMachineOptions {
  readonly backend: Backend;
  readonly clock: Clock;
  /** Leases are granted for at least this long. */
  readonly leaseTtlSecondsMin: number;
  /** Deletions of so many keys take many turns. Default `LONG_DELETE_KEYS_MIN`. */
  readonly longDeleteKeysMin?: number | undefined;
  /** Without it a start reads every key, as it does when there is no image. */
  readonly images?: IndexImages;
  readonly onFatal: (error: unknown) => void;
}

/** A backend, and what its content stands for: a checkpoint of one never speaks for another. */
interface Live {
  readonly backend: Backend;
  /** The last entry applied, and the membership after it. */
  applied: SnapshotMetadata;
}

export class StateMachine {
  /** Puts and other changes that are awaited here; long work gives way to them. */
  readonly foreground: Foreground = new Foreground();
  readonly lessor: Lessor;
  readonly #options: StateMachineOptions;
  #live: Live;
  #store!: Store;
  #cluster!: Cluster;
  #alarms!: AlarmStore;

  private constructor(options: StateMachineOptions, lessor: Lessor) {
    this.#options = options;
    this.lessor = lessor;
    this.#live = this.#adopt(options.backend);
  }

  /** Loads the state of the backend's last checkpoint. */
  static async load(options: StateMachineOptions): Promise<StateMachine> {
    const { backend, clock, leaseTtlSecondsMin: minTtlSeconds } = options;
    const lessor = await Lessor.open({ backend, clock, minTtlSeconds });
    const state = new StateMachine(options, lessor);
    state.#cluster = await Cluster.load(backend);
    state.#alarms = await AlarmStore.load(backend);
    // The store last: it may go on with a compaction at once, and nothing can be loaded after that.
    state.#store = await Store.open({
      backend,
      clock,
      foreground: state.foreground,
      leases: lessor,
      ...(options.images !== undefined && { images: options.images }),
      freeze: () => state.freeze(),
      onFatal: options.onFatal,
    });
    return state;
  }

  /** What long work is cut into turns by. */
  get clock(): Clock {
    return this.#options.clock;
  }

  get longDeleteKeysMin(): number {
    return this.#options.longDeleteKeysMin ?? LONG_DELETE_KEYS_MIN;
  }

  get backend(): Backend {
    return this.#live.backend;
  }

  get store(): Store {
    return this.#store;
  }

  get cluster(): Cluster {
    return this.#cluster;
  }

  get alarms(): AlarmStore {
    return this.#alarms;
  }

  get applied(): SnapshotMetadata {
    return this.#live.applied;
  }

  /** To be called after each entry. */
  setApplied(applied: SnapshotMetadata): void {
    this.#live.applied = applied;
  }

  /**
   * Makes everything applied so far durable, together with the index it stands for. Undefined when
   * another backend has taken the place of the one that was to hold it.
   */
  async checkpoint(): Promise<SnapshotMetadata | undefined> {
    const live = this.#live;
    let written = live.applied;
    try {
      await live.backend.checkpoint(() => {
        written = live.applied;
        return encodeApplied(written);
      });
    } catch (error) {
      // A backend that was replaced is closed, and owes nobody anything.
      if (live === this.#live) throw error;
    }
    return live === this.#live ? written : undefined;
  }

  /** A checkpoint, and a view of exactly it, to be walked in slices. The caller closes it. */
  async freeze(): Promise<FrozenView> {
    const live = this.#live;
    const view = await live.backend.frozenView(() => encodeApplied(live.applied));
    return new PatientView(view, this.clock, this.foreground);
  }

  /** Takes over the content of another backend; nothing is applied meanwhile. The old one stays open. */
  async replace(backend: Backend): Promise<void> {
    const cluster = await Cluster.load(backend);
    const alarms = await AlarmStore.load(backend);
    await this.lessor.recover(backend);
    await this.#store.restore(backend);
    this.#cluster = cluster;
    this.#alarms = alarms;
    this.#live = this.#adopt(backend);
  }

  #adopt(backend: Backend): Live {
    backend.onFatal(this.#options.onFatal);
    return { backend, applied: appliedOf(backend) };
  }
}

function appliedOf(backend: Backend): SnapshotMetadata {
  const applied = backend.loadApplied();
  return applied === undefined
    ? { index: 0, term: 0, confState: createConfState() }
    : decodeApplied(applied);
}

export function decodeApplied({ index, term, confState }: AppliedState): SnapshotMetadata {
  return { index, term, confState: decodeConfState(confState) };
}

export function encodeApplied({ index, term, confState }: SnapshotMetadata): AppliedState {
  return { index, term, confState: encodeConfState(confState) };
}
