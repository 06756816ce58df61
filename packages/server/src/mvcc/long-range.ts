/**
 * Long results are not encoded at once: a hundred thousand versions in one go would hold the event loop
 * for a good part of an election timeout, and take as much memory again as their records. Those records
 * are stored as they go over the wire, so the message is put together while it is sent.
 */
import {
  KeyValue,
  type RangeRequest,
  RangeRequest_SortOrder,
  RangeRequest_SortTarget,
  RangeResponse,
  ResponseHeader,
} from "@kvorum/proto";
import type { LongMessage } from "../lib/long-message.ts";
import type { SlabPool } from "../lib/slab-pool.ts";
import { lengthDelimitedBytes } from "./change.ts";
import { LongRecords } from "./long-records.ts";
import { hasRevisionFilters, type RangePlan } from "./range.ts";
import { type Kvs, RangeMessage } from "./range-message.ts";
import type { TurnSlicer } from "./turn.ts";

/** Versions encoded between looks at the clock. */
const SLICE_KEYS = 128;
/** Lengths added up between looks at the clock. */
const COUNTED_KEYS = 4096;

export class LongRangeResponse implements RangeResponse {
  header: ResponseHeader | undefined;
  readonly more: boolean;
  readonly count: number;
  readonly #encoded: Kvs;
  #kvs: KeyValue[] | undefined;

  constructor(
    header: ResponseHeader,
    { more, count }: { readonly more: boolean; readonly count: number },
    kvs: Kvs,
  ) {
    this.header = header;
    this.more = more;
    this.count = count;
    this.#encoded = kvs;
  }

  /** Decoded when somebody looks at them. */
  get kvs(): KeyValue[] {
    const { records, count } = this.#encoded;
    this.#kvs ??= Array.from({ length: count }, (_none, at) => KeyValue.decode(records.at(at)));
    return this.#kvs;
  }

  /** The whole message on the wire, once: its records are gone when it is sent. */
  encode(): LongMessage {
    const { header, more, count } = this;
    const head = RangeResponse.encode(RangeResponse.create(header === undefined ? {} : { header }));
    const tail = RangeResponse.encode(RangeResponse.create({ more, count }));
    return new RangeMessage(head, this.#encoded, tail);
  }
}

/** Whether the result is the records found, as they are and in their order. */
export function isAsStored({ request, needsRecords }: RangePlan): boolean {
  return needsRecords && !request.keysOnly && isByKey(request) && !hasRevisionFilters(request);
}

function isByKey({ sortTarget, sortOrder }: RangeRequest): boolean {
  return sortTarget === RangeRequest_SortTarget.KEY && sortOrder !== RangeRequest_SortOrder.DESCEND;
}

/** The response of a plan that `isAsStored`, of `total` keys. All records have been read. */
export async function finishLongRange(
  { request, currentRevision }: RangePlan,
  total: number,
  records: LongRecords,
  slicer: TurnSlicer,
): Promise<LongRangeResponse> {
  const more = request.limit > 0 && records.size > request.limit;
  const kvs = await counted(records, more ? request.limit : records.size, slicer);
  const header = ResponseHeader.create({ revision: currentRevision });
  return new LongRangeResponse(header, { more, count: total }, kvs);
}

/** The same response, of records: one that is sorted, filtered, or without values. */
export async function encodeLongRange(
  response: RangeResponse,
  pool: SlabPool,
  slicer: TurnSlicer,
): Promise<LongRangeResponse> {
  const records = new LongRecords(pool);
  for (const [at, kv] of response.kvs.entries()) {
    records.push(KeyValue.encode(kv));
    if (at % SLICE_KEYS === 0) {
      await slicer.pause();
    }
  }
  const kvs = await counted(records, records.size, slicer);
  const header = response.header ?? ResponseHeader.create();
  return new LongRangeResponse(header, response, kvs);
}

async function counted(records: LongRecords, count: number, slicer: TurnSlicer): Promise<Kvs> {
  records.trim();
  let bytes = 0;
  for (let at = 0; at < count; at++) {
    bytes += lengthDelimitedBytes(records.lengthAt(at));
    if (at % COUNTED_KEYS === 0) {
      await slicer.pause();
    }
  }
  return { records, count, bytes };
}
