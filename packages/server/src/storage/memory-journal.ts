/**
 * The journal of the memory engine: one record a batch, `CRC-32C (u32), length (u32), operations`;
 * an operation is `key length (u32), key, 1 + value length or 0 for a deletion (u32), value`. Records
 * start on sectors of their own, so that no durable byte is ever written again.
 */
import { getUint32, putUint32 } from "../lib/bytes.ts";
import { crc32c } from "../lib/crc32c.ts";
import { type EngineBatch, ListBatch } from "./engine.ts";

const HEADER_BYTES = 8;
const SECTOR_BYTES = 512;

function toSectorEnd(offset: number): number {
  return Math.ceil(offset / SECTOR_BYTES) * SECTOR_BYTES;
}

export function encodeJournalBatch(batch: EngineBatch): Uint8Array {
  let size = HEADER_BYTES;
  for (let at = 0; at < batch.size; at++) {
    size += 8 + batch.keyAt(at).length + (batch.valueAt(at)?.length ?? 0);
  }
  const bytes = new Uint8Array(toSectorEnd(size));
  let end = HEADER_BYTES;
  for (let at = 0; at < batch.size; at++) {
    const key = batch.keyAt(at);
    const value = batch.valueAt(at);
    putUint32(bytes, end, key.length);
    bytes.set(key, end + 4);
    end += 4 + key.length;
    putUint32(bytes, end, value === undefined ? 0 : value.length + 1);
    bytes.set(value ?? new Uint8Array(0), end + 4);
    end += 4 + (value?.length ?? 0);
  }
  putUint32(bytes, 4, size - HEADER_BYTES);
  putUint32(bytes, 0, crc32c(bytes, 0, 4, size));
  return bytes;
}

/** The whole batches at the start of `bytes`, and where they end; what follows was torn. */
export function decodeJournal(bytes: Uint8Array): { batches: EngineBatch[]; end: number } {
  const batches: EngineBatch[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const end = at + HEADER_BYTES + getUint32(bytes, at + 4);
    if (end > bytes.length || crc32c(bytes, 0, at + 4, end) !== getUint32(bytes, at)) {
      break;
    }
    batches.push(decodeBatch(bytes, at + HEADER_BYTES, end));
    at = toSectorEnd(end);
  }
  return { batches, end: at };
}

function decodeBatch(bytes: Uint8Array, start: number, end: number): EngineBatch {
  const batch = new ListBatch();
  for (let at = start; at < end; ) {
    const keyEnd = at + 4 + getUint32(bytes, at);
    const key = bytes.slice(at + 4, keyEnd);
    const length = getUint32(bytes, keyEnd);
    at = keyEnd + 4 + Math.max(0, length - 1);
    if (length === 0) {
      batch.delete(key);
    } else {
      batch.put(key, bytes.slice(keyEnd + 4, at));
    }
  }
  return batch;
}
