/**
 * What bucket key-meta holds for a revision, so that a start needs no values:
 *
 *     put:        varint created · varint version · varint record bytes · 8 bytes lease · key
 *     tombstone:  key
 *
 * The record is the version's `mvccpb.KeyValue` in protobuf, as stored in bucket key-value. Varints
 * are unsigned LEB128; the lease is there only if bit 0 of the record's varint says so
 * (`bytes << 1 | hasLease`).
 */
import { asBuffer, bytesToKey, getBigUint64, putBigUint64 } from "../lib/bytes.ts";
import { CorruptionError } from "../lib/corruption-error.ts";

const VARINT_BYTES_MAX = 8;
const LEASE_BYTES = 8;

/** A decoded entry. One object is reused for a whole load, hence mutable. */
export class KeyMeta {
  created = 0;
  version = 0;
  recordBytes = 0;
  lease = 0n;
  key = "";
  #at = 0;

  /** Overwrites all fields. Throws `CorruptionError`. */
  decodePut(bytes: Uint8Array): void {
    this.#at = 0;
    this.created = this.#varint(bytes);
    this.version = this.#varint(bytes);
    const recordAndMark = this.#varint(bytes);
    this.recordBytes = Math.floor(recordAndMark / 2);
    this.lease = 0n;
    if (recordAndMark % 2 === 1) {
      this.lease = BigInt.asIntN(64, getBigUint64(bytes, this.#at));
      this.#at += LEASE_BYTES;
    }
    this.key = asBuffer(bytes).toString("latin1", this.#at);
    if (this.created === 0 || this.version === 0 || this.key === "") {
      throw new CorruptionError("key-meta", Buffer.from(bytes).toString("hex"), "zero field");
    }
  }

  decodeTombstone(bytes: Uint8Array): void {
    this.created = 0;
    this.version = 0;
    this.recordBytes = 0;
    this.lease = 0n;
    this.key = bytesToKey(bytes);
  }

  #varint(bytes: Uint8Array): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < VARINT_BYTES_MAX; i++) {
      const byte = bytes[this.#at++];
      if (byte === undefined) {
        break;
      }
      value += (byte & 127) * scale;
      if (byte < 128) {
        return value;
      }
      scale *= 128;
    }
    throw new CorruptionError("key-meta", Buffer.from(bytes).toString("hex"), "bad varint");
  }
}

export function encodePutMeta(
  created: number,
  version: number,
  recordBytes: number,
  lease: bigint,
  key: Uint8Array,
): Buffer {
  const leaseBytes = lease === 0n ? 0 : LEASE_BYTES;
  const recordAndMark = recordBytes * 2 + (lease === 0n ? 0 : 1);
  const headBytes = varintBytes(created) + varintBytes(version) + varintBytes(recordAndMark);
  const bytes = Buffer.allocUnsafe(headBytes + leaseBytes + key.length);
  let at = writeVarint(bytes, 0, created);
  at = writeVarint(bytes, at, version);
  at = writeVarint(bytes, at, recordAndMark);
  if (leaseBytes > 0) {
    putBigUint64(bytes, at, BigInt.asUintN(64, lease));
  }
  bytes.set(key, at + leaseBytes);
  return bytes;
}

function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 128) {
    bytes[at++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  bytes[at++] = rest;
  return at;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) {
    bytes++;
  }
  return bytes;
}
