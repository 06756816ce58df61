/**
 * A range response on its way: the fields before `kvs`, a field for each record, the fields behind. The
 * order is free in protobuf.
 */
import type { LongMessage } from "../lib/long-message.ts";
import { lengthDelimitedBytes, writeLengthDelimited } from "./change.ts";
import type { LongRecords } from "./long-records.ts";

const KVS_TAG = 0x12;

/** The first `count` of the records, of `bytes` as fields. */
export interface Kvs {
  readonly records: LongRecords;
  readonly count: number;
  readonly bytes: number;
}

export class RangeMessage implements LongMessage {
  readonly length: number;
  readonly keptBytes: number;
  readonly #kvs: Kvs;
  readonly #tail: Uint8Array;
  /** What is begun: the fields before, a record that did not fit, the fields behind. */
  #part: Uint8Array;
  /** The next record. */
  #next = 0;
  #left: number;

  /** Takes over the records, and releases them with its last byte. */
  constructor(head: Uint8Array, kvs: Kvs, tail: Uint8Array) {
    this.length = head.length + kvs.bytes + tail.length;
    this.keptBytes = kvs.records.keptBytes;
    this.#left = this.length;
    this.#part = head;
    this.#kvs = kvs;
    this.#tail = tail;
  }

  take(target: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end) {
      at =
        this.#part.length > 0 ? this.#takePart(target, at, end) : this.#takeNext(target, at, end);
    }
    this.#left -= end - start;
    if (this.#left === 0) {
      this.#kvs.records.release();
    }
  }

  #takePart(target: Buffer, start: number, end: number): number {
    const bytes = this.#part.subarray(0, end - start);
    target.set(bytes, start);
    this.#part = this.#part.subarray(bytes.length);
    return start + bytes.length;
  }

  #takeNext(target: Buffer, start: number, end: number): number {
    const { count, records } = this.#kvs;
    if (this.#next === count) {
      this.#part = this.#tail;
      return start;
    }
    const record = records.at(this.#next++);
    const bytes = lengthDelimitedBytes(record.length);
    if (bytes <= end - start) {
      return writeLengthDelimited(target, start, KVS_TAG, record);
    }
    this.#part = Buffer.allocUnsafe(bytes);
    writeLengthDelimited(this.#part, 0, KVS_TAG, record);
    return start;
  }
}
