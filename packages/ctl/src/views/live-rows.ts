/**
 * What the live table shows: the keys of a prefix, the last change on top. A deleted key stays for
 * a moment, so that one sees it go. Times are milliseconds of one clock.
 */
import type { Event, KeyValue } from "@kvorum/proto";
import { fromBytes } from "../go/byte-string.ts";
import { quote } from "../go/quote.ts";

/** How long a deleted key is still shown. */
export const DELETED_SHOWN_MS = 5_000;
/** How long a change counts as new. */
export const FRESH_MS = 3_000;

export interface LiveRow {
  readonly key: string;
  readonly value: string;
  readonly version: number;
  readonly modRevision: number;
  /** undefined: before the table was opened. */
  readonly changedAt: number | undefined;
  readonly isDeleted: boolean;
}

const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Bytes on one line: as they are when they are plain text, otherwise quoted. */
export function displayText(bytes: Uint8Array): string {
  const text = fromBytes(bytes);
  return UNPRINTABLE.test(text) ? quote(bytes) : text;
}

function rowOf(pair: KeyValue, changedAt: number | undefined): LiveRow {
  return {
    key: displayText(pair.key),
    value: displayText(pair.value),
    version: pair.version,
    modRevision: pair.modRevision,
    changedAt,
    isDeleted: false,
  };
}

export class LiveRows {
  readonly #rows = new Map<string, LiveRow>();
  #revision = 0;

  /** The newest revision that has been seen. */
  get revision(): number {
    return this.#revision;
  }

  /** How many keys there are now. */
  get keyCount(): number {
    return [...this.#rows.values()].filter((row) => !row.isDeleted).length;
  }

  load(pairs: readonly KeyValue[], revision: number): void {
    for (const pair of pairs) this.#rows.set(fromBytes(pair.key), rowOf(pair, undefined));
    this.#revision = revision;
  }

  apply(events: readonly Event[], now: number): void {
    for (const { type, kv } of events) {
      if (kv === undefined) continue;
      const id = fromBytes(kv.key);
      const before = this.#rows.get(id);
      const row = rowOf(kv, now);
      const gone = { ...row, value: before?.value ?? "", isDeleted: true };
      this.#rows.set(id, type === 0 ? row : gone);
      this.#revision = Math.max(this.#revision, kv.modRevision);
    }
  }

  /** The rows to show, the last change first. Forgets keys that were deleted long enough ago. */
  visible(now: number): readonly LiveRow[] {
    for (const [id, row] of this.#rows) {
      const age = now - (row.changedAt ?? now);
      if (row.isDeleted && age >= DELETED_SHOWN_MS) this.#rows.delete(id);
    }
    return [...this.#rows.values()].toSorted(
      (a, b) => b.modRevision - a.modRevision || (a.key < b.key ? -1 : 1),
    );
  }
}

/** How long ago, in one unit: "now", "12s", "3m", "5h", "2d". */
export function ageText(changedAt: number | undefined, now: number): string {
  if (changedAt === undefined) return "before";
  const seconds = Math.floor((now - changedAt) / 1000);
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
