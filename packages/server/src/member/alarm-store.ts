/** Raised alarms, replicated: which member, and whether it is out of space or corrupt. */
import { AlarmMember, AlarmType } from "@kvorum/proto";
import type { Backend } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import { entryBatches } from "../storage/entry-batches.ts";

const EMPTY = new Uint8Array(0);

export class AlarmStore {
  readonly #backend: Backend;
  readonly #raised = new Map<string, AlarmMember>();

  private constructor(backend: Backend) {
    this.#backend = backend;
  }

  static async load(backend: Backend): Promise<AlarmStore> {
    const store = new AlarmStore(backend);
    for await (const entries of entryBatches(backend.iterate(buckets.alarm))) {
      for (const [key] of entries) store.#remember(AlarmMember.decode(key));
    }
    return store;
  }

  /** Those of one type, or all for `NONE`. */
  list(alarm: AlarmType): AlarmMember[] {
    const all = [...this.#raised.values()];
    return alarm === AlarmType.NONE ? all : all.filter((raised) => raised.alarm === alarm);
  }

  /** Asked for every write, and false nearly always. */
  isRaised(alarm: AlarmType): boolean {
    return this.#raised.size > 0 && this.list(alarm).length > 0;
  }

  /** Idempotent. */
  activate(memberID: bigint, alarm: AlarmType): AlarmMember {
    const raised: AlarmMember = { memberID, alarm };
    this.#remember(raised);
    this.#backend.put(buckets.alarm, AlarmMember.encode(raised), EMPTY);
    return raised;
  }

  /** The alarm that was taken back, if it was raised. */
  deactivate(memberID: bigint, alarm: AlarmType): AlarmMember | undefined {
    const raised = this.#raised.get(keyOf({ memberID, alarm }));
    if (raised === undefined) return undefined;
    this.#raised.delete(keyOf(raised));
    this.#backend.delete(buckets.alarm, AlarmMember.encode(raised));
    return raised;
  }

  #remember(raised: AlarmMember): void {
    this.#raised.set(keyOf(raised), raised);
  }
}

function keyOf(raised: AlarmMember): string {
  return `${raised.memberID} ${raised.alarm}`;
}
