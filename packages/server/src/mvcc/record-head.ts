/**
 * Reads of an encoded `mvccpb.KeyValue` what an index needs, without the value and with fewer objects
 * than decoding makes: a restore does this for every record of a backup.
 */
import type { PutMeta } from "./key-meta.ts";

const TAG = {
  key: 0x0a,
  createRevision: 0x10,
  modRevision: 0x18,
  version: 0x20,
  value: 0x2a,
} as const;

/** Seven bits each. */
const VARINT_BYTES_MAX = 8;

export interface RecordHead extends PutMeta {
  readonly key: Uint8Array;
}

/**
 * The head of a record as etcd writes it: fields in order, each at most once. Undefined for anything
 * else, also for one with a lease: decode it then, which also tells what may be wrong with it.
 */
export function readRecordHead(record: Uint8Array): RecordHead | undefined {
  const reader = new Varints(record);
  if (record[0] !== TAG.key) {
    return undefined;
  }
  const keyStart = reader.skipField(1);
  const keyEnd = reader.at;
  const createRevision = reader.field(TAG.createRevision);
  reader.field(TAG.modRevision);
  const version = reader.field(TAG.version);
  if (reader.at < record.length) {
    if (record[reader.at] !== TAG.value) {
      return undefined;
    }
    reader.skipField(reader.at + 1);
  }
  return reader.at === record.length && !reader.isBad
    ? { key: record.subarray(keyStart, keyEnd), createRevision, version, lease: 0n }
    : undefined;
}

class Varints {
  at = 0;
  isBad = false;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Goes behind a length and what it counts; returns where that begins. */
  skipField(at: number): number {
    this.at = at;
    const length = this.#varint();
    const start = this.at;
    this.at += length;
    return start;
  }

  /** The number of the next field if it has this tag, 0 otherwise. */
  field(tag: number): number {
    if (this.#bytes[this.at] !== tag) {
      return 0;
    }
    this.at++;
    return this.#varint();
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < VARINT_BYTES_MAX; i++) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) {
        break;
      }
      value += (byte & 127) * scale;
      if (byte < 128 && value <= Number.MAX_SAFE_INTEGER) {
        return value;
      }
      scale *= 128;
    }
    this.isBad = true;
    return 0;
  }
}
