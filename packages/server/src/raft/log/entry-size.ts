import type { Entry } from "../messages.ts";

/** What an entry weighs beyond its payload, in every byte limit on whole entries. */
const ENTRY_OVERHEAD_BYTES = 16;

/** Approximate encoded size in bytes; never zero. */
export function entrySize(entry: Entry): number {
  return entry.data.length + ENTRY_OVERHEAD_BYTES;
}

export function entriesSize(entries: readonly Entry[]): number {
  let bytes = 0;
  for (let i = 0; i < entries.length; i++) {
    bytes += entrySize(entries[i]!);
  }
  return bytes;
}

/** Payload bytes alone: an empty entry weighs nothing, so that no quota can refuse it. */
export function payloadsSize(entries: readonly Entry[]): number {
  let bytes = 0;
  for (let i = 0; i < entries.length; i++) {
    bytes += entries[i]!.data.length;
  }
  return bytes;
}

/**
 * End (exclusive) of the longest run starting at `from`, not beyond `to`, that weighs at most
 * `maxBytes`. A non-empty range always yields at least one entry, however large.
 */
export function limitRange(
  entries: readonly Entry[],
  from: number,
  to: number,
  maxBytes: number,
): number {
  if (maxBytes === Number.POSITIVE_INFINITY || to - from <= 1) {
    return to;
  }
  let bytes = entrySize(entries[from]!);
  for (let i = from + 1; i < to; i++) {
    bytes += entrySize(entries[i]!);
    if (bytes > maxBytes) {
      return i;
    }
  }
  return to;
}
