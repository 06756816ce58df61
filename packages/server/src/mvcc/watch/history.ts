/**
 * Reads the changes of a key range from a revision on, oldest first, for watchers that are far behind.
 *
 * Which revisions there are is known to the index, so one walk over the range's keys finds them; then
 * their records are read in order, in batches. The walk keeps at most about `CHANGES_MAX` of the lowest
 * revisions: a longer history takes several walks. No batch splits a revision.
 */
import type { Clock } from "../../env/env.ts";
import { Change } from "../change.ts";
import type { KeyIndex } from "../index/key-index.ts";
import type { StoreState } from "../store-state.ts";
import { TurnSlicer } from "../turn.ts";

const SLICE_KEYS = 1000;
const CHANGES_MAX = 50_000;
/** Records read at a time; a batch of changes is at least this, if there are as many. */
const BATCH_CHANGES = 500;

export interface HistoryRange {
  readonly start: string;
  readonly end: string | undefined;
  readonly isPoint: boolean;
}

export interface HistoryBatch {
  /** Oldest first. */
  readonly changes: readonly Change[];
  /** Everything up to this revision was in this or an earlier batch. */
  readonly throughRevision: number;
}

/** A change that was found in the index. */
interface Found {
  readonly key: string;
  readonly main: number;
  readonly sub: number;
  /** 0 for a deletion. */
  readonly version: number;
}

/**
 * `fromRevision` must not be compacted; it is pinned while the generator lives. The last batch reaches
 * the revision that was current when the walk began, or less if the history is long.
 */
export async function* readHistory(
  state: StoreState,
  range: HistoryRange,
  fromRevision: number,
  { clock, withPrevious }: { readonly clock: Clock; readonly withPrevious: boolean },
): AsyncGenerator<HistoryBatch> {
  state.pins.pin(fromRevision);
  try {
    const slicer = new TurnSlicer(clock);
    const walk = new Walk(fromRevision, state.currentRevision);
    await walkIndex(state, range, walk, slicer);
    const found = walk.sorted();
    let start = 0;
    while (start < found.length) {
      const end = batchEnd(found, start);
      const changes = await readChanges(state, found.slice(start, end), withPrevious);
      yield { changes, throughRevision: changes.at(-1)!.main };
      start = end;
      await slicer.pause();
    }
    yield { changes: [], throughRevision: walk.throughRevision };
  } finally {
    state.pins.unpin(fromRevision);
  }
}

/** Collects the changes of revisions from `#from` to `throughRevision`, which it lowers as needed. */
class Walk {
  throughRevision: number;
  readonly #from: number;
  #found: Found[] = [];
  #lengthMax = 2 * CHANGES_MAX;

  constructor(from: number, throughRevision: number) {
    this.#from = from;
    this.throughRevision = throughRevision;
  }

  /** Whether blocks without a revision above this one have nothing to collect. */
  passes(frozenRevision: number): boolean {
    return frozenRevision < this.#from;
  }

  visit(key: string, keyIndex: KeyIndex): void {
    if (keyIndex.main < this.#from) {
      return;
    }
    for (let position = keyIndex.length - 1; position >= 0; position--) {
      const main = keyIndex.mainAt(position);
      if (main < this.#from) {
        return;
      }
      if (main <= this.throughRevision) {
        const sub = keyIndex.subAt(position);
        this.#found.push({ key, main, sub, version: keyIndex.versionAt(position) });
      }
    }
  }

  /** Forgets the highest revisions when there are too many; whole revisions only. */
  trim(): void {
    if (this.#found.length > this.#lengthMax) {
      const sorted = this.sorted();
      this.throughRevision = sorted[CHANGES_MAX - 1]!.main;
      this.#found = sorted.filter(({ main }) => main <= this.throughRevision);
      this.#lengthMax = 2 * Math.max(CHANGES_MAX, this.#found.length);
    }
  }

  sorted(): Found[] {
    return this.#found.sort((a, b) => a.main - b.main || a.sub - b.sub);
  }
}

async function walkIndex(
  state: StoreState,
  range: HistoryRange,
  walk: Walk,
  slicer: TurnSlicer,
): Promise<void> {
  if (range.isPoint) {
    const keyIndex = state.index.get(range.start);
    if (keyIndex !== undefined) {
      walk.visit(range.start, keyIndex);
    }
    return;
  }
  const { index } = state;
  const visit = (key: string, keyIndex: KeyIndex): void => walk.visit(key, keyIndex);
  const passes = (): boolean => walk.passes(index.frozenRevision);
  let next: string | undefined = range.start;
  while (next !== undefined) {
    next = index.visitSlice(next, range.end, SLICE_KEYS, visit, passes);
    walk.trim();
    await slicer.pause();
  }
}

/** The end of the batch that begins at `start`: whole revisions. */
function batchEnd(found: readonly Found[], start: number): number {
  let end = Math.min(start + BATCH_CHANGES, found.length);
  while (end < found.length && found[end]!.main === found[end - 1]!.main) {
    end++;
  }
  return end;
}

async function readChanges(
  state: StoreState,
  found: readonly Found[],
  withPrevious: boolean,
): Promise<Change[]> {
  const puts = found.filter(({ version }) => version > 0);
  const wanted: { main: number; sub: number }[] = puts.map(({ main, sub }) => ({ main, sub }));
  const previous = withPrevious ? found.map((change) => previousOf(state, change)) : [];
  for (const revision of previous) {
    if (revision !== undefined) {
      wanted.push(revision);
    }
  }
  const records = await state.readRecords(
    wanted.map(({ main }) => main),
    wanted.map(({ sub }) => sub),
  );
  let nextPut = 0;
  let nextPrevious = puts.length;
  return found.map(({ key, main, sub, version }, i) => {
    const record = version > 0 ? records[nextPut++] : undefined;
    const change = new Change(key, main, sub, record, version === 1);
    if (withPrevious) {
      change.setPrevious(previous[i] === undefined ? undefined : records[nextPrevious++]);
    }
    return change;
  });
}

/** The version before a change, unless it is compacted. */
function previousOf(
  state: StoreState,
  { key, main, version }: Found,
): { main: number; sub: number } | undefined {
  const keyIndex = state.index.get(key);
  if (version === 1 || keyIndex === undefined || main - 1 < state.compactRevision) {
    return undefined;
  }
  const position = keyIndex.livePositionAt(main - 1);
  return position < 0
    ? undefined
    : { main: keyIndex.mainAt(position), sub: keyIndex.subAt(position) };
}
