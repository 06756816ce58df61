/**
 * One session's place in the queue below a prefix: the key `<prefix><lease in hex>`, put with the
 * session's lease. The oldest key below the prefix is at the head. Locks and elections are both
 * this, with the key layout of clientv3/concurrency, so that its users queue with ours.
 *
 * Nothing here is lost when a server dies while it is asked: entering and leaving are transactions
 * that do no harm when they are processed twice, so they are repeated.
 */
import { EtcdErrors } from "../../error-codes.ts";
import { EtcdError } from "../../etcd-error.ts";
import type { KeyValue } from "../../gen/kv.ts";
import {
  type Compare,
  RangeRequest_SortOrder,
  RangeRequest_SortTarget,
  type ResponseHeader,
  type TxnResponse,
} from "../../gen/rpc.ts";
import { CallScope } from "../call-scope.ts";
import { compare, keyMissing } from "../keys/compare.ts";
import { prefixRange } from "../keys/key-range.ts";
import type { RangeInput } from "../keys/request-input.ts";
import { deleteOp, getOp, putOp } from "../keys/request-op.ts";
import type { CallOptions, WriteOptions } from "../options.ts";
import type { Session } from "./session.ts";
import { waitForDeletes } from "./wait-for-deletes.ts";

/** Options of a search for the key at the head. */
export const oldestKey: Pick<RangeInput, "limit" | "sortTarget" | "sortOrder"> = {
  limit: 1,
  sortTarget: RangeRequest_SortTarget.CREATE,
  sortOrder: RangeRequest_SortOrder.ASCEND,
};

/** How long to wait, for all of it: without a timeout for ever, whatever the client's default. */
export type WaitOptions = Pick<CallOptions, "timeoutMs" | "signal">;

/** What was found on entering. */
export interface Entry {
  readonly createRevision: number;
  /** The key as it was, when the session had entered before. */
  readonly before: KeyValue | undefined;
  readonly isHead: boolean;
  readonly header: ResponseHeader | undefined;
}

export class QueuePlace {
  readonly key: Uint8Array;
  readonly prefix: Uint8Array;
  readonly #session: Session;
  /** Never rejects. */
  #leaving: Promise<void> = Promise.resolve();

  constructor(session: Session, prefix: Uint8Array) {
    this.#session = session;
    this.prefix = prefix;
    this.key = Buffer.concat([prefix, Buffer.from(session.leaseId.toString(16))]);
  }

  /** The limits of an operation: the caller's, and the session's life. */
  scope(options: WaitOptions = {}): CallScope {
    return new CallScope(options.timeoutMs, options.signal, this.#session.signal);
  }

  /**
   * Does `work`, which enters the queue. If it fails, the key is deleted behind its back, so that
   * nobody waits for one who has given up; the next to come here waits for that. Throws
   * `sessionExpired` when that is the reason.
   */
  async attempt<Result>(
    options: WaitOptions,
    work: (scope: CallScope) => Promise<Result>,
  ): Promise<Result> {
    await this.#leaving;
    const scope = this.scope(options);
    try {
      scope.throwIfDone();
      return await work(scope);
    } catch (error) {
      if (!this.#session.isAlive) {
        throw EtcdError.from(EtcdErrors.sessionExpired, { cause: error });
      }
      this.#leaving = this.#leaveQuietly();
      throw error;
    }
  }

  /** Puts the key, unless the session has it already: then it keeps its place and its value. */
  async enter(value: Uint8Array, scope: CallScope): Promise<Entry> {
    const head = getOp(prefixRange(this.prefix), oldestKey);
    const put = putOp(this.key, value, { lease: this.#session.leaseId });
    const request = {
      compare: [keyMissing(this.key)],
      success: [put, head],
      failure: [getOp(this.key), head],
    };
    return toEntry(await this.#session.client.kv.txn(request, repeatable(scope)));
  }

  /**
   * Resolves when everybody before has left, with the header of the answer that showed the key
   * still there. Throws `sessionExpired` when it is not.
   */
  async waitForHead(entry: Entry, scope: CallScope): Promise<ResponseHeader | undefined> {
    const { createRevision } = entry;
    if (entry.isHead) {
      return entry.header;
    }
    const { client } = this.#session;
    await waitForDeletes(client, this.prefix, createRevision - 1, scope);
    const { kvs, header } = await client.kv.range({ key: this.key }, scope.callOptions());
    if (kvs[0]?.createRevision !== createRevision) {
      throw EtcdError.from(EtcdErrors.sessionExpired);
    }
    return header;
  }

  /** Holds as long as the place that was entered at this revision is neither left nor lost. */
  isHeld(createRevision: number): Compare {
    return compare(this.key, "createRevision", "=", createRevision);
  }

  /** Deletes the key, if it is still the one put at `createRevision`. */
  leave(createRevision: number, scope: CallScope): Promise<TxnResponse> {
    const request = { compare: [this.isHeld(createRevision)], success: [deleteOp(this.key)] };
    return this.#session.client.kv.txn(request, repeatable(scope));
  }

  async #leaveQuietly(): Promise<void> {
    const scope = this.scope({ timeoutMs: this.#session.ttlSeconds * 1000 });
    try {
      await this.#session.client.kv.deleteRange({ key: this.key }, repeatable(scope));
    } catch {
      // Then the key is there until the lease ends, or the session enters again and finds it.
    }
  }
}

function repeatable(scope: CallScope): WriteOptions {
  return { ...scope.callOptions(), retry: "repeatable" };
}

function toEntry({ succeeded, header, responses }: TxnResponse): Entry {
  const before = succeeded ? undefined : responses[0]?.responseRange?.kvs[0];
  const createRevision = before?.createRevision ?? header?.revision ?? 0;
  const head = responses[1]?.responseRange?.kvs[0];
  return { createRevision, before, header, isHead: head?.createRevision === createRevision };
}
