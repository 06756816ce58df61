/**
 * A deletion of more keys than one turn should take. It is one write transaction, as any other, but
 * takes many turns: nothing else is applied meanwhile. Nobody sees the middle of it: reads are of a
 * revision, and the one that the deletion makes does not exist before its end; its records are held
 * back from checkpoints until then, so a crash leaves everything as it was.
 */
import {
  type DeleteRangeRequest,
  DeleteRangeResponse,
  type KeyValue,
  RangeRequest,
  ResponseHeader,
} from "@kvorum/proto";
import type { Clock } from "../env/env.ts";
import { bytesToKey, keyToBytes } from "../lib/bytes.ts";
import { assert } from "../lib/assert.ts";
import { type KeyRange, toKeyRange } from "./key-range.ts";
import type { Store } from "./store.ts";
import { TurnSlicer } from "./turn.ts";
import type { WriteTxn } from "./write-txn.ts";

/** A deletion of fewer keys is done at once: a few milliseconds. */
export const LONG_DELETE_KEYS_MIN = 2048;
/** Keys deleted between looks at the clock; fewer if fewer are many. */
const SLICE_KEYS = 128;
/** Previous versions read at a time. */
const READ_KEYS = 500;

/** What is long. */
export interface LongBounds {
  readonly clock: Clock;
  /** Deletions of fewer keys are not; usually `LONG_DELETE_KEYS_MIN`. */
  readonly keysMin: number;
}

/** Work of apply that takes many turns. */
export class LongDelete {
  readonly #store: Store;
  readonly #request: DeleteRangeRequest;
  readonly #range: KeyRange;
  readonly #slicer: TurnSlicer;
  readonly #sliceKeys: number;
  readonly #previous: KeyValue[] = [];
  #txn: WriteTxn | undefined;

  private constructor(store: Store, request: DeleteRangeRequest, { clock, keysMin }: LongBounds) {
    this.#store = store;
    this.#sliceKeys = Math.min(SLICE_KEYS, Math.ceil(keysMin / 2));
    this.#request = request;
    this.#range = toKeyRange(request.key, request.rangeEnd);
    this.#slicer = new TurnSlicer(clock);
  }

  /** Undefined if the range is short, and the deletion can be applied at once. */
  static tryBegin(
    store: Store,
    request: DeleteRangeRequest,
    bounds: LongBounds,
  ): LongDelete | undefined {
    if (request.rangeEnd.length === 0) {
      return undefined;
    }
    const { start, end } = toKeyRange(request.key, request.rangeEnd);
    const { index } = store.state;
    const isLong = index.visitSlice(start, end, bounds.keysMin, () => undefined) !== undefined;
    return isLong ? new LongDelete(store, request, bounds) : undefined;
  }

  /** Does all that takes long. Nothing may be applied, and nothing is to be seen, before `finish`. */
  async run(): Promise<void> {
    if (this.#request.prevKv) {
      await this.#readPrevious();
    }
    const txn = this.#store.beginLongWrite();
    this.#txn = txn;
    let next: string | undefined = this.#range.start;
    while (next !== undefined) {
      next = txn.deleteSome(next, this.#range.end, this.#sliceKeys);
      await this.#slicer.pause();
    }
  }

  /** Makes the deletion happen, in this turn. */
  finish(): DeleteRangeResponse {
    const txn = this.#txn;
    assert(txn !== undefined, "a long deletion is finished before it has run");
    txn.end();
    return DeleteRangeResponse.create({
      header: ResponseHeader.create({ revision: txn.revision }),
      deleted: txn.changes.length,
      prevKvs: this.#previous,
    });
  }

  async #readPrevious(): Promise<void> {
    const { rangeEnd } = this.#request;
    let key = this.#request.key;
    for (;;) {
      const request = RangeRequest.create({ key, rangeEnd, limit: READ_KEYS });
      const { kvs, more } = await this.#store.range(request, { withTotal: false });
      for (const kv of kvs) {
        this.#previous.push(kv);
      }
      if (!more) {
        return;
      }
      key = keyToBytes(`${bytesToKey(kvs.at(-1)!.key)}\0`);
      await this.#slicer.pause();
    }
  }
}
