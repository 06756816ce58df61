/**
 * The half of a compaction that frees the disk: walks the pages of bucket key-meta up to the compacted
 * revision, drops every entry that the index no longer knows, and its record with it, and joins pages
 * that have become small, or were.
 *
 *     pages    [2 3 4] [5 6] [7 8 9]          index knows 3, 8, 9, compacted to 8
 *     after    [3         8 9]                under the key of revision 3
 *
 * A page and everything that went into it change within one turn, hence in one checkpoint. Nobody else
 * changes pages; new ones are only added behind.
 */
import type { FrozenView } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import type { CompactionTools } from "./compaction.ts";
import { KeyMetaReader } from "./key-meta.ts";
import { encodeRevision } from "./revision.ts";
import type { StoreState } from "./store-state.ts";
import { TurnSlicer } from "./turn.ts";

const READ_PAGES = 16;
/** Pages are joined up to this size; one of more than half of it is not rewritten just to be joined. */
const PAGE_BYTES_MAX = 8 * 1024;
/** Records removed in one turn, at most, but for those of one page more: about a millisecond. */
const DROPPED_MAX = 512;
/**
 * Removal waits for a checkpoint while more than this is pending in the backend: some fifty thousand
 * records that lie together, or a thousand that do not, of which each has a block written again.
 */
const PENDING_BYTES_MAX = 4 * 1024 * 1024;
const PENDING_RETRY_MS = 10;

/** The index has been compacted to `revision`. */
export async function compactPages(
  state: StoreState,
  revision: number,
  tools: CompactionTools,
): Promise<void> {
  const view = await tools.freeze();
  try {
    await walk(state, { view, revision }, tools);
  } finally {
    await view.close();
  }
}

async function walk(
  state: StoreState,
  { view, revision }: { readonly view: FrozenView; readonly revision: number },
  tools: CompactionTools,
): Promise<void> {
  const slicer = new TurnSlicer(tools.clock, tools.foreground);
  const rewrite = new Rewrite(state, revision);
  const iterator = view.iterate(buckets.keyMeta, { lt: encodeRevision(revision + 1, 0) });
  try {
    for (
      let pages = await iterator.next(READ_PAGES);
      pages.length > 0 && !tools.isAbandoned();
      pages = await iterator.next(READ_PAGES)
    ) {
      for (const [key, page] of pages) {
        await relieved(state, tools);
        rewrite.add(key, page);
        await slicer.pause();
      }
    }
  } finally {
    await iterator.close();
  }
  if (!tools.isAbandoned()) {
    rewrite.finish();
  }
}

/** Waits while too much is pending. */
async function relieved({ backend }: StoreState, tools: CompactionTools): Promise<void> {
  while (backend.pendingBytes > PENDING_BYTES_MAX && !tools.isAbandoned()) {
    await new Promise<void>((resolve) => {
      tools.clock.setTimer(PENDING_RETRY_MS, resolve);
    });
  }
}

/** What a compaction leaves of a page. */
interface PageRest {
  /** The entries that stay, neighbours in one piece. */
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  /** Revision key of the first entry that stays; undefined if none does. */
  readonly firstKey: Uint8Array | undefined;
  readonly isChanged: boolean;
  /** Revision keys of the records that are to go. */
  readonly dropped: readonly Uint8Array[];
}

/** Collects the entries of neighbouring pages and writes them as one. */
class Rewrite {
  readonly #state: StoreState;
  readonly #revision: number;
  readonly #meta = new KeyMetaReader();
  /** Keys of the pages that are replaced. */
  #replaced: Uint8Array[] = [];
  #rests: PageRest[] = [];
  #bytes = 0;
  /** Records that go with them. */
  #dropped = 0;

  constructor(state: StoreState, revision: number) {
    this.#state = state;
    this.#revision = revision;
  }

  add(key: Uint8Array, page: Uint8Array): void {
    const rest = this.#sift(page);
    const canStay = !rest.isChanged && rest.bytes > PAGE_BYTES_MAX / 2;
    const isFull = this.#bytes + rest.bytes > PAGE_BYTES_MAX || this.#dropped > DROPPED_MAX;
    if (canStay || isFull) {
      this.finish();
    }
    if (!canStay) {
      this.#replaced.push(key);
      this.#rests.push(rest);
      this.#bytes += rest.bytes;
      this.#dropped += rest.dropped.length;
    }
  }

  /** Writes what has been collected. */
  finish(): void {
    const rests = this.#rests;
    if (rests.length > 1 || rests.some(({ isChanged }) => isChanged)) {
      this.#write(rests);
    }
    this.#replaced = [];
    this.#rests = [];
    this.#bytes = 0;
    this.#dropped = 0;
  }

  #write(rests: readonly PageRest[]): void {
    const { backend } = this.#state;
    for (const key of this.#replaced) {
      backend.delete(buckets.keyMeta, key);
    }
    for (const key of rests.flatMap(({ dropped }) => dropped)) {
      backend.delete(buckets.keyValue, key);
    }
    const firstKey = rests.find((rest) => rest.firstKey !== undefined)?.firstKey;
    if (firstKey !== undefined) {
      const page = Buffer.concat(rests.flatMap(({ pieces }) => pieces));
      backend.put(buckets.keyMeta, firstKey, page);
    }
  }

  #sift(page: Uint8Array): PageRest {
    const meta = this.#meta;
    const pieces: Uint8Array[] = [];
    const dropped: Uint8Array[] = [];
    let firstKey: Uint8Array | undefined;
    let pieceStart = 0;
    let isChanged = false;
    const endPiece = (end: number): void => {
      if (end > pieceStart) {
        pieces.push(page.subarray(pieceStart, end));
      }
    };
    meta.open(page);
    while (meta.next()) {
      if (this.#isKept()) {
        firstKey ??= encodeRevision(meta.main, meta.sub);
        continue;
      }
      endPiece(meta.start);
      pieceStart = meta.end;
      isChanged = true;
      if (!meta.isTombstone) {
        dropped.push(encodeRevision(meta.main, meta.sub));
      }
    }
    endPiece(page.length);
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    return { pieces, bytes, firstKey, isChanged, dropped };
  }

  #isKept(): boolean {
    const { main, sub, key } = this.#meta;
    return main > this.#revision || this.#state.index.get(key)?.has(main, sub) === true;
  }
}
