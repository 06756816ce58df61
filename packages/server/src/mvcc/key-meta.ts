/**
 * Bucket key-meta holds what a start needs to know of every revision, without the values: pages of
 * entries in order of revision, each page under the revision key of its first entry.
 *
 *     page:       entry …
 *     entry:      varint main · varint sub << 1 | isTombstone · [put] · varint key bytes · key
 *     put:        varint created · varint version · varint record bytes << 1 | hasLease · [8 bytes lease]
 *
 * The record is the version's `mvccpb.KeyValue` in protobuf, as stored in bucket key-value. Varints
 * are unsigned LEB128. A page is never changed but by a compaction, which drops entries from it and
 * joins it with its neighbours.
 */
import { assert } from "../lib/assert.ts";
import { asBuffer, getBigUint64, putBigUint64 } from "../lib/bytes.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import { VARINT_BYTES_MAX, VarintReader, writeVarint } from "../lib/varint.ts";

const LEASE_BYTES = 8;
/** Six varints and a lease. */
const HEAD_BYTES_MAX = 6 * VARINT_BYTES_MAX + LEASE_BYTES;

/** Walks the entries of a page. One object is reused for a whole load, hence mutable. */
export class KeyMetaReader {
  main = 0;
  sub = 0;
  isTombstone = false;
  /** The following are 0 for a tombstone. */
  created = 0;
  version = 0;
  recordBytes = 0;
  lease = 0n;
  keyLength = 0;
  #page: Buffer = Buffer.alloc(0);
  #start = 0;
  #numbers = new VarintReader(this.#page);

  /** Before the first entry of `page`. */
  open(page: Uint8Array): void {
    this.#page = asBuffer(page);
    this.#start = 0;
    this.#numbers = new VarintReader(this.#page);
  }

  /** Before the entry that begins at `start` of the page. */
  seek(start: number): void {
    this.#numbers.at = start;
  }

  /** Reads the next entry into the fields; false at the end of the page. Throws `CorruptionError`. */
  next(): boolean {
    if (this.#numbers.at === this.#page.length) {
      return false;
    }
    this.#start = this.#numbers.at;
    this.main = this.#varint();
    const subAndMark = this.#varint();
    this.sub = Math.floor(subAndMark / 2);
    this.isTombstone = subAndMark % 2 === 1;
    if (this.isTombstone) {
      this.#noPut();
    } else {
      this.#readPut();
    }
    this.#readKey();
    return true;
  }

  /** Decoded when it is asked for: many walks need only a few of the keys. */
  get key(): string {
    return this.#page.toString("latin1", this.#numbers.at - this.keyLength, this.#numbers.at);
  }

  /** Where the entry begins in the page. */
  get start(): number {
    return this.#start;
  }

  /** Where the entry ends in the page. */
  get end(): number {
    return this.#numbers.at;
  }

  #noPut(): void {
    this.created = 0;
    this.version = 0;
    this.recordBytes = 0;
    this.lease = 0n;
  }

  #readPut(): void {
    this.created = this.#varint();
    this.version = this.#varint();
    const recordAndMark = this.#varint();
    this.recordBytes = Math.floor(recordAndMark / 2);
    this.lease = 0n;
    if (this.created === 0 || this.version === 0) {
      this.#fail("zero field");
    }
    if (recordAndMark % 2 === 1) {
      if (this.#numbers.at + LEASE_BYTES > this.#page.length) {
        this.#fail("entry is cut off");
      }
      this.lease = BigInt.asIntN(64, getBigUint64(this.#page, this.#numbers.at));
      this.#numbers.at += LEASE_BYTES;
    }
  }

  #readKey(): void {
    this.keyLength = this.#varint();
    this.#numbers.at += this.keyLength;
    if (this.keyLength === 0 || this.#numbers.at > this.#page.length) {
      this.#fail("impossible key length");
    }
  }

  #varint(): number {
    const value = this.#numbers.next();
    return value < 0 ? this.#fail("bad varint") : value;
  }

  #fail(reason: string): never {
    throw new CorruptionError("key-meta", this.#page.toString("hex", this.#start), reason);
  }
}

/** What an entry holds of a put besides revision and key. */
export interface PutMeta {
  readonly createRevision: number;
  readonly version: number;
  readonly lease: bigint;
}

let scratch: Buffer = Buffer.allocUnsafe(4096);

/** The entry of a put. The bytes are valid until the next call that encodes an entry. */
export function encodePutMeta(
  { main, sub }: { readonly main: number; readonly sub: number },
  { createRevision, version, lease }: PutMeta,
  recordBytes: number,
  key: Uint8Array,
): Uint8Array {
  reserve(key.length);
  let at = writeVarint(scratch, 0, main);
  at = writeVarint(scratch, at, sub * 2);
  at = writeVarint(scratch, at, createRevision);
  at = writeVarint(scratch, at, version);
  at = writeVarint(scratch, at, recordBytes * 2 + (lease === 0n ? 0 : 1));
  if (lease !== 0n) {
    putBigUint64(scratch, at, BigInt.asUintN(64, lease));
    at += LEASE_BYTES;
  }
  return withKey(at, key);
}

/** The entry of a deletion. The bytes are valid until the next call that encodes an entry. */
export function encodeTombstoneMeta(main: number, sub: number, key: Uint8Array): Uint8Array {
  reserve(key.length);
  return withKey(writeVarint(scratch, writeVarint(scratch, 0, main), sub * 2 + 1), key);
}

function withKey(start: number, key: Uint8Array): Uint8Array {
  assert(key.length > 0, "a key is empty");
  const at = writeVarint(scratch, start, key.length);
  scratch.set(key, at);
  return scratch.subarray(0, at + key.length);
}

function reserve(keyBytes: number): void {
  if (scratch.length < HEAD_BYTES_MAX + keyBytes) {
    scratch = Buffer.allocUnsafe(HEAD_BYTES_MAX + keyBytes);
  }
}
