/**
 * The backend's own records, in bucket `backend`.
 *
 * `applied`: checkpoint number, index, term (u64 each), then the encoded membership.
 *
 * `c<slot>`, one per checkpoint, in a ring: the checkpoint's number (u64). The engine replays its log
 * at open and may silently skip a damaged batch in the middle of it; a skipped checkpoint leaves a
 * stale slot in the ring, and the store is refused. What is written ahead of a checkpoint has a number
 * of its own.
 */
import { getUint64, putUint32, putUint64, tryGetUint64 } from "../lib/bytes.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import type { AppliedState } from "./backend.ts";

const PLACE = "bucket backend";

/** Checkpoints that the ring remembers: more than fit in the engine's log, but for idle stores. */
export const RING_SLOTS = 4096;

export const appliedKey: Uint8Array = Buffer.from("applied");

export interface StoredApplied {
  /** Counts checkpoints from 1. */
  readonly checkpoint: number;
  readonly applied: AppliedState;
}

export function encodeApplied({ checkpoint, applied }: StoredApplied): Uint8Array {
  const bytes = new Uint8Array(24 + applied.confState.length);
  putUint64(bytes, 0, checkpoint);
  putUint64(bytes, 8, applied.index);
  putUint64(bytes, 16, applied.term);
  bytes.set(applied.confState, 24);
  return bytes;
}

export function decodeApplied(bytes: Uint8Array): StoredApplied {
  const checkpoint = bytes.length < 24 ? undefined : tryGetUint64(bytes, 0);
  const index = tryGetUint64(bytes, 8);
  const term = tryGetUint64(bytes, 16);
  if (checkpoint === undefined || index === undefined || term === undefined) {
    throw new CorruptionError(PLACE, "key applied", "the applied state is not readable");
  }
  return { checkpoint, applied: { index, term, confState: Uint8Array.from(bytes.subarray(24)) } };
}

export function ringKey(checkpoint: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = 0x63;
  putUint32(bytes, 1, checkpoint % RING_SLOTS);
  return bytes;
}

export const ringStart: Uint8Array = Buffer.from("c");
export const ringEnd: Uint8Array = Buffer.from("d");

export function ringValue(checkpoint: number): Uint8Array {
  const bytes = new Uint8Array(8);
  putUint64(bytes, 0, checkpoint);
  return bytes;
}

/** Throws `CorruptionError` unless the slots hold exactly the last checkpoints up to `last`. */
export function verifyRing(slots: readonly Uint8Array[], last: number): void {
  const numbers = new Set(slots.map((value) => getUint64(value, 0)));
  const first = Math.max(1, last - RING_SLOTS + 1);
  for (let checkpoint = first; checkpoint <= last; checkpoint++) {
    if (!numbers.has(checkpoint)) {
      throw new CorruptionError(PLACE, checkpoint, `a checkpoint before ${last} is missing`);
    }
  }
}
