/**
 * Runs a planned range: synchronously for apply, or in slices that leave the event loop free. A
 * sliced read pins its revision, so writes and compactions may go on between the slices.
 */
import type { KeyValue, RangeResponse } from "@kvorum/proto";
import type { Clock } from "../env/env.ts";
import { copyBytes } from "../lib/bytes.ts";
import type { FrozenBlock } from "./index/frozen-block.ts";
import type { KeyIndex } from "./index/key-index.ts";
import { encodeLongRange, finishLongRange, isAsStored } from "./long-range.ts";
import { finishRange, type RangePlan, Selection } from "./range.ts";
import { readOrder } from "./read-order.ts";
import type { StoreState } from "./store-state.ts";
import { type Foreground, TurnSlicer } from "./turn.ts";

/** Keys that a read may visit before it is cut into slices. */
const SYNC_KEYS_MAX = 512;
/** Keys visited between looks at the clock. */
const SLICE_KEYS = 512;
/** Records asked of the engine at a time: half a millisecond. */
const READ_BATCH = 256;
/** Records decoded between looks at the clock. */
const DECODE_KEYS = 128;
/** Larger results do not enter the cache: one scan would empty it. */
const CACHED_RECORDS_MAX = 16;

/** Everything at once; values not in memory are read from the engine synchronously. */
export function readRangeSync(state: StoreState, plan: RangePlan): RangeResponse {
  const selection = new Selection(plan, state.cache);
  selectSome(state, plan, selection, plan.range.start, Number.MAX_SAFE_INTEGER);
  for (const i of selection.missingPositions()) {
    selection.setRecord(i, state.readRecord(selection.mains[i]!, selection.subs[i]!));
  }
  cacheSome(state, selection);
  return finishRange(plan, selection, decodeAll(selection));
}

/** A promise only if the range is long or a value is not in memory. */
export function readRange(
  state: StoreState,
  plan: RangePlan,
  clock: Clock,
  foreground?: Foreground,
): RangeResponse | Promise<RangeResponse> {
  const selection = new Selection(plan, state.cache);
  const next = selectSome(state, plan, selection, plan.range.start, SYNC_KEYS_MAX);
  return next === undefined && selection.missing === 0
    ? finishRange(plan, selection, decodeAll(selection))
    : readSliced(state, plan, { selection, next }, new TurnSlicer(clock, foreground));
}

async function readSliced(
  state: StoreState,
  plan: RangePlan,
  begun: { readonly selection: Selection; readonly next: string | undefined },
  slicer: TurnSlicer,
): Promise<RangeResponse> {
  const { selection } = begun;
  state.pins.pin(plan.atRevision);
  try {
    let next = begun.next;
    while (next !== undefined) {
      await slicer.pause();
      next = selectSome(state, plan, selection, next, SLICE_KEYS);
      if (selection.keys.length > SYNC_KEYS_MAX && isAsStored(plan)) {
        selection.becomeLong(state.slabs);
      }
    }
    await readMissing(state, selection, slicer);
  } finally {
    state.pins.unpin(plan.atRevision);
  }
  if (selection.long !== undefined) {
    return finishLongRange(plan, selection.total, selection.long, slicer);
  }
  cacheSome(state, selection);
  const found: KeyValue[] = [];
  for (let i = 0; i < selection.keys.length; i++) {
    if (i % DECODE_KEYS === 0) {
      await slicer.pause();
    }
    found.push(selection.keyValueAt(i));
  }
  const response = finishRange(plan, selection, found);
  return response.kvs.length > SYNC_KEYS_MAX
    ? encodeLongRange(response, state.slabs, slicer)
    : response;
}

function decodeAll(selection: Selection): KeyValue[] {
  return selection.keys.map((_key, i) => selection.keyValueAt(i));
}

/** Returns where to go on; undefined when the selection is complete. */
function selectSome(
  state: StoreState,
  plan: RangePlan,
  selection: Selection,
  start: string,
  keysMax: number,
): string | undefined {
  const { range } = plan;
  if (range.isPoint) {
    const keyIndex = state.index.get(range.start);
    if (keyIndex !== undefined) {
      selection.visit(range.start, keyIndex);
    }
    return undefined;
  }
  const { index } = state;
  let left = keysMax;
  let next: string | undefined;
  const visit = (key: string, keyIndex: KeyIndex): boolean => {
    if (left <= 0) {
      next = key;
      return false;
    }
    left -= keyIndex.weight;
    return selection.visit(key, keyIndex);
  };
  // The slice ends at a key, for which a block is thawed.
  const passes = (block: FrozenBlock): boolean =>
    left-- > 0 && selection.passes(block, index.frozenRevision);
  index.visit(start, range.end, visit, passes);
  return next;
}

async function readMissing(
  state: StoreState,
  selection: Selection,
  slicer: TurnSlicer,
): Promise<void> {
  const missing = selection.missingPositions();
  const positions =
    missing.length > READ_BATCH
      ? await readOrder(missing, selection.mains, () => slicer.pause())
      : Uint32Array.from(missing);
  for (let start = 0; start < positions.length; start += READ_BATCH) {
    const batch = [...positions.subarray(start, start + READ_BATCH)];
    const records = await state.readRecords(
      batch.map((i) => selection.mains[i]!),
      batch.map((i) => selection.subs[i]!),
    );
    batch.forEach((i, at) => {
      const record = records[at]!;
      // A view would keep its whole block, for as long as a result that is sorted, or deleted, lives.
      selection.setRecord(i, selection.long === undefined ? copyBytes(record) : record);
    });
    await slicer.pause();
  }
}

/** Keeps the records of a small result that are still the newest of their keys. */
function cacheSome(state: StoreState, selection: Selection): void {
  if (selection.missing === 0 || selection.records.length > CACHED_RECORDS_MAX) {
    return;
  }
  selection.keys.forEach((key, i) => {
    const keyIndex = state.index.get(key);
    const isNewest = keyIndex?.main === selection.mains[i] && keyIndex?.sub === selection.subs[i];
    if (keyIndex !== undefined && isNewest && state.cache.get(keyIndex) === undefined) {
      state.cache.keep(keyIndex, selection.records[i]!);
    }
  });
}

/** The newest version of one key at a revision, or undefined; for apply. */
export function recordAt(
  state: StoreState,
  key: string,
  atRevision: number,
): Uint8Array | undefined {
  const keyIndex = state.index.get(key);
  const position = keyIndex?.livePositionAt(atRevision) ?? -1;
  if (keyIndex === undefined || position < 0) {
    return undefined;
  }
  const isNewest = position === keyIndex.length - 1;
  return (
    (isNewest ? state.cache.get(keyIndex) : undefined) ??
    state.readRecord(keyIndex.mainAt(position), keyIndex.subAt(position))
  );
}
