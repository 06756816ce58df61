/**
 * A long result in the order in which it was read. Its versions are stored as they go over the wire, so
 * they are put there as they are, in slices: decoding a hundred thousand to encode them again would hold
 * the event loop for a good part of an election timeout.
 */
import {
  KeyValue,
  type RangeRequest,
  RangeRequest_SortOrder,
  RangeRequest_SortTarget,
  type RangeResponse,
  ResponseHeader,
} from "@kvorum/proto";
import { lengthDelimitedBytes, writeLengthDelimited } from "./change.ts";
import { hasRevisionFilters, type RangePlan, type Selection } from "./range.ts";
import type { TurnSlicer } from "./turn.ts";

const KVS_TAG = 0x12;
/** Versions encoded between looks at the clock. */
const SLICE_KEYS = 512;

export class LongRangeResponse implements RangeResponse {
  header: ResponseHeader | undefined;
  readonly more: boolean;
  readonly count: number;
  /** Field `kvs` on the wire, in pieces. */
  readonly encodedKvs: readonly Uint8Array[];
  readonly #records: readonly Uint8Array[];
  #kvs: KeyValue[] | undefined;

  constructor(
    header: ResponseHeader,
    { more, count }: { readonly more: boolean; readonly count: number },
    records: readonly Uint8Array[],
    encodedKvs: readonly Uint8Array[],
  ) {
    this.header = header;
    this.more = more;
    this.count = count;
    this.encodedKvs = encodedKvs;
    this.#records = records;
  }

  /** Decoded when somebody looks at them. */
  get kvs(): KeyValue[] {
    this.#kvs ??= this.#records.map((record) => KeyValue.decode(record));
    return this.#kvs;
  }
}

/** Whether the result is the records found, as they are and in their order. */
export function isAsStored({ request, needsRecords }: RangePlan): boolean {
  return needsRecords && !request.keysOnly && isByKey(request) && !hasRevisionFilters(request);
}

function isByKey({ sortTarget, sortOrder }: RangeRequest): boolean {
  return sortTarget === RangeRequest_SortTarget.KEY && sortOrder !== RangeRequest_SortOrder.DESCEND;
}

/** The response of a plan that `isAsStored`. All records of the selection have been read. */
export async function finishLongRange(
  { request, currentRevision }: RangePlan,
  selection: Selection,
  slicer: TurnSlicer,
): Promise<LongRangeResponse> {
  const more = request.limit > 0 && selection.records.length > request.limit;
  const found = more ? selection.records.slice(0, request.limit) : selection.records;
  const records = found as Uint8Array[];
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < records.length; start += SLICE_KEYS) {
    pieces.push(encodeKvs(records, start, Math.min(start + SLICE_KEYS, records.length)));
    await slicer.pause();
  }
  const header = ResponseHeader.create({ revision: currentRevision });
  return new LongRangeResponse(header, { more, count: selection.total }, records, pieces);
}

function encodeKvs(records: readonly Uint8Array[], start: number, end: number): Uint8Array {
  let bytes = 0;
  for (let at = start; at < end; at++) {
    bytes += lengthDelimitedBytes(records[at]!.length);
  }
  const piece = Buffer.allocUnsafe(bytes);
  let position = 0;
  for (let at = start; at < end; at++) {
    position = writeLengthDelimited(piece, position, KVS_TAG, records[at]!);
  }
  return piece;
}
