/**
 * One change of one key, as watchers see it. Made once per change and shared by all watchers. It is kept
 * for those that lag, and keeps no more than records: its form on the wire is made for a response.
 */
import { Event, Event_EventType, KeyValue } from "@kvorum/proto";
import { keyToBytes } from "../lib/bytes.ts";

export type ChangeType = "put" | "delete";

export class Change {
  readonly type: ChangeType;
  readonly key: string;
  readonly main: number;
  readonly sub: number;
  /** Whether the put created the key: then there is no previous version. */
  readonly isCreate: boolean;
  readonly #stored: Uint8Array | undefined;
  #record: Uint8Array | undefined = undefined;
  #previous: Uint8Array | undefined | null = null;

  /** `stored` is the version's `mvccpb.KeyValue`, for a put. */
  constructor(
    key: string,
    main: number,
    sub: number,
    stored: Uint8Array | undefined,
    isCreate: boolean,
  ) {
    this.type = stored === undefined ? "delete" : "put";
    this.key = key;
    this.main = main;
    this.sub = sub;
    this.isCreate = isCreate;
    this.#stored = stored;
  }

  /** `mvccpb.KeyValue`; of a deletion it has only key and mod_revision. */
  get record(): Uint8Array {
    this.#record ??=
      this.#stored ??
      KeyValue.encode(KeyValue.create({ key: keyToBytes(this.key), modRevision: this.main }));
    return this.#record;
  }

  /** Bytes kept for the record; of a deletion those of its key. */
  get recordBytes(): number {
    return this.#stored?.length ?? this.key.length;
  }

  /** Whether `setPrevious` has been called. */
  get knowsPrevious(): boolean {
    return this.#previous !== null;
  }

  /** The record of the version before; undefined if there was none or it is compacted. */
  setPrevious(record: Uint8Array | undefined): void {
    this.#previous = record;
  }

  /** Length of the change as `mvccpb.Event`. */
  eventBytes(withPrevious: boolean): number {
    const previous = withPrevious ? this.#previous : undefined;
    const typeBytes = this.type === "delete" ? 2 : 0;
    const previousBytes = previous ? lengthDelimitedBytes(previous.length) : 0;
    return typeBytes + lengthDelimitedBytes(this.record.length) + previousBytes;
  }

  /** Writes the `mvccpb.Event`; returns the position after it. */
  writeEvent(bytes: Uint8Array, start: number, withPrevious: boolean): number {
    const previous = withPrevious ? this.#previous : undefined;
    let at = start;
    if (this.type === "delete") {
      bytes[at++] = TYPE_TAG;
      bytes[at++] = Event_EventType.DELETE;
    }
    at = writeLengthDelimited(bytes, at, KV_TAG, this.record);
    return previous ? writeLengthDelimited(bytes, at, PREV_KV_TAG, previous) : at;
  }

  toEvent(withPrevious: boolean): Event {
    const previous = withPrevious ? this.#previous : undefined;
    return Event.create({
      type: this.type === "put" ? Event_EventType.PUT : Event_EventType.DELETE,
      kv: KeyValue.decode(this.record),
      prevKv: previous ? KeyValue.decode(previous) : undefined,
    });
  }
}

const TYPE_TAG = 0x08;
const KV_TAG = 0x12;
const PREV_KV_TAG = 0x1a;

/** Bytes of a protobuf field with a one-byte tag and `length` bytes of content. */
export function lengthDelimitedBytes(length: number): number {
  return 1 + varintBytes(length) + length;
}

/** Writes a length-delimited protobuf field; returns the position after it. */
export function writeLengthDelimited(
  bytes: Uint8Array,
  start: number,
  tag: number,
  content: Uint8Array,
): number {
  bytes[start] = tag;
  const at = writeVarint32(bytes, start + 1, content.length);
  bytes.set(content, at);
  return at + content.length;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 127; rest >>>= 7) {
    bytes++;
  }
  return bytes;
}

function writeVarint32(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest > 127) {
    bytes[at++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}
