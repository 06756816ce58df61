/**
 * Range: the index selects revisions, their records are read, then etcd's order of things: revision
 * filters, sorting, limit. `count` comes from the index and knows neither filters nor limit.
 *
 * Two etcd subtleties are kept on purpose. With a sort target other than KEY and order NONE the limit
 * is applied before sorting, although the result is then sorted ascending. And keys_only answers from
 * the index alone (lease 0), unless sorting by value.
 */
import {
  EtcdError,
  EtcdErrors,
  KeyValue,
  type RangeRequest,
  RangeRequest_SortOrder,
  RangeRequest_SortTarget,
  RangeResponse,
  ResponseHeader,
} from "@kvorum/proto";
import { compareBytes, EMPTY, keyToBytes } from "../lib/bytes.ts";
import type { SlabPool } from "../lib/slab-pool.ts";
import type { FrozenBlock } from "./index/frozen-block.ts";
import type { KeyIndex } from "./index/key-index.ts";
import { type KeyRange, toKeyRange } from "./key-range.ts";
import { LongRecords } from "./long-records.ts";
import type { RecordCache } from "./record-cache.ts";
import type { StoreState } from "./store-state.ts";

/** What a request asks of the index. */
export interface RangePlan {
  readonly request: RangeRequest;
  readonly range: KeyRange;
  readonly atRevision: number;
  /** Revision for the response header. */
  readonly currentRevision: number;
  /** Keys to select at most; 0 for all. */
  readonly limit: number;
  /** Whether `count` must go on beyond the limit. */
  readonly withTotal: boolean;
  readonly needsRecords: boolean;
}

/** Throws compacted or future revision. `currentRevision` is what the reader sees as newest. */
export function planRange(
  state: StoreState,
  request: RangeRequest,
  currentRevision: number,
  withTotal: boolean,
): RangePlan {
  if (request.revision > currentRevision) {
    throw EtcdError.from(EtcdErrors.futureRevision);
  }
  const atRevision = request.revision > 0 ? request.revision : currentRevision;
  if (atRevision < state.compactRevision) {
    throw EtcdError.from(EtcdErrors.compacted);
  }
  return {
    request,
    range: toKeyRange(request.key, request.rangeEnd),
    atRevision,
    currentRevision,
    limit: selectLimit(request),
    withTotal,
    needsRecords: !request.countOnly && !isIndexOnly(request),
  };
}

export function isDefaultOrder(request: RangeRequest): boolean {
  return (
    request.sortOrder === RangeRequest_SortOrder.NONE ||
    (request.sortTarget === RangeRequest_SortTarget.KEY &&
      request.sortOrder === RangeRequest_SortOrder.ASCEND)
  );
}

export function hasRevisionFilters(request: RangeRequest): boolean {
  return (
    request.minModRevision !== 0 ||
    request.maxModRevision !== 0 ||
    request.minCreateRevision !== 0 ||
    request.maxCreateRevision !== 0
  );
}

function isIndexOnly(request: RangeRequest): boolean {
  return request.keysOnly && request.sortTarget !== RangeRequest_SortTarget.VALUE;
}

/** One more than asked for, to know whether there is more; all, if the limit comes after sorting. */
function selectLimit(request: RangeRequest): number {
  const isCutLate = !isDefaultOrder(request) || hasRevisionFilters(request);
  return request.limit <= 0 || isCutLate ? 0 : request.limit + 1;
}

/** What the index found. Columns, so that a large range costs no object per key. */
export class Selection {
  keys: string[] = [];
  readonly mains: number[] = [];
  readonly subs: number[] = [];
  readonly createds: number[] = [];
  readonly versions: number[] = [];
  /** Cached records; undefined where the store must be read. Unless the result is long. */
  records: (Uint8Array | undefined)[] = [];
  long: LongRecords | undefined = undefined;
  readonly #plan: RangePlan;
  readonly #cache: RecordCache;
  /** Keys found, those beyond the limit included. */
  total = 0;
  /** How many records are still to be read. */
  missing = 0;

  constructor(plan: RangePlan, cache: RecordCache) {
    this.#plan = plan;
    this.#cache = cache;
  }

  /** The keys found and wanted. */
  get size(): number {
    return this.mains.length;
  }

  /** Keeps records in slabs of the pool, and no keys, from now on. */
  becomeLong(pool: SlabPool): void {
    this.long = new LongRecords(pool);
    for (const record of this.records) {
      this.long.push(record);
    }
    this.records = [];
    this.keys = [];
  }

  /** Takes the key if it exists at the revision of the plan. False: no more keys are needed. */
  visit(key: string, keyIndex: KeyIndex): boolean {
    const position = keyIndex.livePositionAt(this.#plan.atRevision);
    if (position < 0) {
      return true;
    }
    const { limit, request, withTotal } = this.#plan;
    const isFull = limit > 0 && this.size >= limit;
    if (isFull && !withTotal) {
      return false;
    }
    this.total++;
    if (!isFull && !request.countOnly) {
      this.#add(key, keyIndex, position);
    }
    return true;
  }

  /** Counts the keys of a block, all of which are in range, if they need no closer look. */
  passes({ live }: FrozenBlock, frozenRevision: number): boolean {
    const { atRevision, limit, request, withTotal } = this.#plan;
    const isFull = withTotal && limit > 0 && this.size >= limit;
    if (atRevision < frozenRevision || !(isFull || request.countOnly)) {
      return false;
    }
    this.total += live;
    return true;
  }

  #add(key: string, keyIndex: KeyIndex, position: number): void {
    this.mains.push(keyIndex.mainAt(position));
    this.subs.push(keyIndex.subAt(position));
    if (this.long !== undefined) {
      this.long.push(this.#cached(keyIndex, position));
      return;
    }
    this.keys.push(key);
    if (!this.#plan.needsRecords) {
      this.createds.push(keyIndex.createdAt(position));
      this.versions.push(keyIndex.versionAt(position));
      return;
    }
    const record = this.#cached(keyIndex, position);
    this.records.push(record);
    if (record === undefined) {
      this.missing++;
    }
  }

  #cached(keyIndex: KeyIndex, position: number): Uint8Array | undefined {
    const isNewest = position === keyIndex.length - 1;
    return isNewest ? this.#cache.get(keyIndex) : undefined;
  }

  /** The positions whose records are to be read. */
  missingPositions(): number[] {
    if (this.long !== undefined) {
      return this.long.missing();
    }
    const positions: number[] = [];
    this.records.forEach((record, i) => {
      if (record === undefined) {
        positions.push(i);
      }
    });
    return positions;
  }

  /** Takes the record of a position, and keeps it as it is if the result is not long. */
  setRecord(i: number, record: Uint8Array): void {
    if (this.long === undefined) {
      this.records[i] = record;
    } else {
      this.long.set(i, record);
    }
  }

  keyValueAt(i: number): KeyValue {
    if (this.#plan.needsRecords) {
      return KeyValue.decode(this.records[i]!);
    }
    return {
      key: keyToBytes(this.keys[i]!),
      createRevision: this.createds[i]!,
      modRevision: this.mains[i]!,
      version: this.versions[i]!,
      value: EMPTY,
      lease: 0n,
    };
  }
}

/** The response; `found` are the versions of `selection`, in its order. */
export function finishRange(
  plan: RangePlan,
  selection: Selection,
  found: KeyValue[],
): RangeResponse {
  const { request } = plan;
  const kvs = hasRevisionFilters(request)
    ? found.filter((kv) => passesFilters(request, kv))
    : found;
  sortKeyValues(request, kvs);
  const more = request.limit > 0 && kvs.length > request.limit;
  if (more) {
    kvs.length = request.limit;
  }
  if (request.keysOnly) {
    for (const kv of kvs) {
      kv.value = EMPTY;
    }
  }
  return RangeResponse.create({
    header: ResponseHeader.create({ revision: plan.currentRevision }),
    kvs,
    more,
    count: selection.total,
  });
}

function passesFilters(request: RangeRequest, kv: KeyValue): boolean {
  const { maxModRevision, minModRevision, maxCreateRevision, minCreateRevision } = request;
  return !(
    (maxModRevision !== 0 && kv.modRevision > maxModRevision) ||
    (minModRevision !== 0 && kv.modRevision < minModRevision) ||
    (maxCreateRevision !== 0 && kv.createRevision > maxCreateRevision) ||
    (minCreateRevision !== 0 && kv.createRevision < minCreateRevision)
  );
}

type Order = (a: KeyValue, b: KeyValue) => number;

const orders: Readonly<Record<number, Order>> = {
  [RangeRequest_SortTarget.KEY]: (a, b) => compareBytes(a.key, b.key),
  [RangeRequest_SortTarget.VERSION]: (a, b) => a.version - b.version,
  [RangeRequest_SortTarget.CREATE]: (a, b) => a.createRevision - b.createRevision,
  [RangeRequest_SortTarget.MOD]: (a, b) => a.modRevision - b.modRevision,
  [RangeRequest_SortTarget.VALUE]: (a, b) => compareBytes(a.value, b.value),
};

function sortKeyValues(request: RangeRequest, kvs: KeyValue[]): void {
  const { sortTarget, sortOrder } = request;
  const isByKey = sortTarget === RangeRequest_SortTarget.KEY;
  const order = orders[sortTarget];
  if (order === undefined || (isByKey && sortOrder !== RangeRequest_SortOrder.DESCEND)) {
    return;
  }
  if (sortOrder === RangeRequest_SortOrder.DESCEND) {
    kvs.sort((a, b) => order(b, a));
  } else {
    kvs.sort(order);
  }
}
