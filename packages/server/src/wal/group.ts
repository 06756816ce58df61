import { fail } from "../lib/assert.ts";
import { putBigUint64, putUint32, putUint64 } from "../lib/bytes.ts";
import { crc32c } from "../lib/crc32c.ts";
import type { Deferred } from "../lib/deferred.ts";
import { ENTRY_TYPES } from "../raft/messages.ts";
import type { Entry, HardState } from "../raft/messages.ts";
import { ENTRY_PREFIX_BYTES, padded, RECORD_HEADER_BYTES, recordKinds } from "./record.ts";
import { SECTOR_BYTES } from "./segment-header.ts";
import type { LogPosition } from "./segment-header.ts";

const INITIAL_BYTES = 64 * 1024;
/** A buffer that grew beyond this for one group is not kept for the next. */
const KEPT_BYTES_MAX = 4 * 1024 * 1024;

/** What a segment's header says about the log before it; moves on with every record. */
export interface LogHead {
  readonly last: LogPosition;
  readonly hardState: HardState;
  readonly checkpoint: LogPosition;
  /** Checksum of the last record. */
  readonly chain: number;
}

/**
 * Records that go to disk as one write, encoded as they are handed in, so that the disk never waits
 * for the encoder. The buffer is reused from group to group.
 */
export class Group {
  readonly waiters: Deferred<void>[] = [];
  #buffer: Buffer = Buffer.alloc(INITIAL_BYTES);
  #length = 0;
  #last: LogPosition;
  #hardState: HardState;
  #checkpoint: LogPosition;
  #chain: number;

  constructor(head: LogHead) {
    this.#last = head.last;
    this.#hardState = head.hardState;
    this.#checkpoint = head.checkpoint;
    this.#chain = head.chain;
  }

  /** Bytes of the records so far, without the padding of the group. */
  get length(): number {
    return this.#length;
  }

  /** The state of the log behind the last record. */
  get head(): LogHead {
    return {
      last: this.#last,
      hardState: this.#hardState,
      checkpoint: this.#checkpoint,
      chain: this.#chain,
    };
  }

  /** Empties the group; its records will follow `head`. */
  reset(head: LogHead): void {
    this.waiters.length = 0;
    this.#length = 0;
    this.#last = head.last;
    this.#hardState = head.hardState;
    this.#checkpoint = head.checkpoint;
    this.#chain = head.chain;
    if (this.#buffer.length > KEPT_BYTES_MAX) {
      this.#buffer = Buffer.alloc(INITIAL_BYTES);
    }
  }

  /** The bytes to write: the records, with zeros up to the end of the sector. Valid until `reset`. */
  toBytes(): Uint8Array {
    const end = Math.ceil(this.#length / SECTOR_BYTES) * SECTOR_BYTES;
    this.#reserve(end - this.#length);
    this.#buffer.fill(0, this.#length, end);
    return this.#buffer.subarray(0, end);
  }

  addEntry(entry: Entry): void {
    const { data } = entry;
    const at = this.#begin(
      recordKinds.entry,
      ENTRY_PREFIX_BYTES - RECORD_HEADER_BYTES + data.length,
    );
    const buffer = this.#buffer;
    buffer[at + 17] = typeNumber(entry);
    putUint64(buffer, at + 24, entry.index);
    putUint64(buffer, at + 32, entry.term);
    buffer.set(data, at + ENTRY_PREFIX_BYTES);
    this.#seal(at);
    this.#last = entry;
  }

  addHardState(hardState: HardState): void {
    const at = this.#begin(recordKinds.hardState, 32);
    putUint64(this.#buffer, at + 24, hardState.term);
    putBigUint64(this.#buffer, at + 32, hardState.vote);
    putUint64(this.#buffer, at + 40, hardState.commit);
    this.#seal(at);
    this.#hardState = hardState;
  }

  addCheckpoint(position: LogPosition): void {
    this.#addPosition(recordKinds.checkpoint, position);
    this.#checkpoint = position;
  }

  addSnapshot(position: LogPosition): void {
    this.#addPosition(recordKinds.snapshot, position);
    this.#checkpoint = position;
    this.#last = position;
  }

  #addPosition(kind: number, position: LogPosition): void {
    const at = this.#begin(kind, 24);
    putUint64(this.#buffer, at + 24, position.index);
    putUint64(this.#buffer, at + 32, position.term);
    this.#seal(at);
  }

  /** Makes room for a record and fills in all of its header but the checksum; returns its offset. */
  #begin(kind: number, payloadBytes: number): number {
    const at = this.#length;
    const size = RECORD_HEADER_BYTES + padded(payloadBytes);
    this.#reserve(size);
    const buffer = this.#buffer;
    putUint32(buffer, at + 4, this.#chain);
    putUint32(buffer, at + 8, payloadBytes);
    putUint32(buffer, at + 12, at);
    putUint32(buffer, at + 16, kind * 0x100_0000);
    putUint32(buffer, at + 20, 0);
    // The payload covers the last eight bytes but for the padding, which must be zero.
    buffer.fill(0, at + RECORD_HEADER_BYTES + payloadBytes, at + size);
    this.#length = at + size;
    return at;
  }

  #seal(at: number): void {
    this.#chain = crc32c(this.#buffer, 0, at + 4, this.#length);
    putUint32(this.#buffer, at, this.#chain);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
  }
}

function typeNumber(entry: Entry): number {
  const number = ENTRY_TYPES.indexOf(entry.type);
  return number >= 0 ? number : fail(`entry ${entry.index} has unknown type ${entry.type}`);
}
