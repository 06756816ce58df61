/**
 * Long results are encoded in slices: a hundred thousand versions in one go would hold the event loop
 * for a good part of an election timeout. Those in the order in which they were read are stored as they
 * go over the wire, and put there as they are. So that pieces need not be put together in the end, all
 * is written into one piece of memory, which has room for the other fields.
 */
import {
  KeyValue,
  type RangeRequest,
  RangeRequest_SortOrder,
  RangeRequest_SortTarget,
  RangeResponse,
  ResponseHeader,
} from "@kvorum/proto";
import { assert } from "../lib/assert.ts";
import { lengthDelimitedBytes, writeLengthDelimited } from "./change.ts";
import { LongRecords } from "./long-records.ts";
import { hasRevisionFilters, type RangePlan } from "./range.ts";
import type { TurnSlicer } from "./turn.ts";

const KVS_TAG = 0x12;
/** Versions encoded between looks at the clock. */
const SLICE_KEYS = 128;
/** Lengths added up between looks at the clock. */
const COUNTED_KEYS = 4096;
/** Room for field `header`: four numbers. */
const HEAD_ROOM = 64;
/** Room for fields `more` and `count`. */
const TAIL_ROOM = 16;

export class LongRangeResponse implements RangeResponse {
  header: ResponseHeader | undefined;
  readonly more: boolean;
  readonly count: number;
  readonly #message: Buffer;
  #kvs: KeyValue[] | undefined;

  /** `message` is field `kvs` on the wire, with `HEAD_ROOM` before and `TAIL_ROOM` behind. */
  constructor(
    header: ResponseHeader,
    { more, count }: { readonly more: boolean; readonly count: number },
    message: Buffer,
  ) {
    this.header = header;
    this.more = more;
    this.count = count;
    this.#message = message;
  }

  /** Decoded when somebody looks at them. */
  get kvs(): KeyValue[] {
    this.#kvs ??= RangeResponse.decode(this.encode()).kvs;
    return this.#kvs;
  }

  /** The whole message on the wire. The fields may come in any order, `kvs` is where it is. */
  encode(): Buffer {
    const { header, more, count } = this;
    const message = this.#message;
    const head = RangeResponse.encode(RangeResponse.create(header === undefined ? {} : { header }));
    const tail = RangeResponse.encode(RangeResponse.create({ more, count }));
    assert(head.length <= HEAD_ROOM && tail.length <= TAIL_ROOM, "a range response has grown");
    const start = HEAD_ROOM - head.length;
    const tailStart = message.length - TAIL_ROOM;
    message.set(head, start);
    message.set(tail, tailStart);
    return message.subarray(start, tailStart + tail.length);
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
  const message = await encodeKvs(records, more ? request.limit : records.size, slicer);
  const header = ResponseHeader.create({ revision: currentRevision });
  return new LongRangeResponse(header, { more, count: total }, message);
}

/** The same response, encoded: one that is sorted, filtered, or without values. */
export async function encodeLongRange(
  response: RangeResponse,
  slicer: TurnSlicer,
): Promise<LongRangeResponse> {
  const records: Uint8Array[] = [];
  for (const [at, kv] of response.kvs.entries()) {
    records.push(KeyValue.encode(kv));
    if (at % SLICE_KEYS === 0) {
      await slicer.pause();
    }
  }
  const message = await encodeKvs(new LongRecords(records), records.length, slicer);
  const header = response.header ?? ResponseHeader.create();
  return new LongRangeResponse(header, response, message);
}

/** Field `kvs` with the first `count` of the records. */
async function encodeKvs(records: LongRecords, count: number, slicer: TurnSlicer): Promise<Buffer> {
  const bytes = await kvsBytes(records, count, slicer);
  const message = Buffer.allocUnsafe(HEAD_ROOM + bytes + TAIL_ROOM);
  let position = HEAD_ROOM;
  for (let start = 0; start < count; start += SLICE_KEYS) {
    const end = Math.min(start + SLICE_KEYS, count);
    for (let at = start; at < end; at++) {
      position = writeLengthDelimited(message, position, KVS_TAG, records.at(at));
    }
    await slicer.pause();
  }
  return message;
}

async function kvsBytes(records: LongRecords, count: number, slicer: TurnSlicer): Promise<number> {
  let bytes = 0;
  for (let at = 0; at < count; at++) {
    bytes += lengthDelimitedBytes(records.lengthAt(at));
    if (at % COUNTED_KEYS === 0) {
      await slicer.pause();
    }
  }
  return bytes;
}
