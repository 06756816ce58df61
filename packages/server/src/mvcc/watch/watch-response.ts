/**
 * Responses with events, in wire form. Watchers that are sent the same events one after the other share
 * their encoding, and that of a revision's header; a response is put together from these parts. Those of
 * different streams often have the same id too: then they share even the response.
 */
import { type Event, ResponseHeader, type WatchResponse } from "@kvorum/proto";
import type { Change } from "../change.ts";

/** The parts of a header that are the member's own. */
export interface HeaderFields {
  readonly clusterId: bigint;
  readonly memberId: bigint;
  readonly raftTerm: number;
}

const HEADER_TAG = 0x0a;
const WATCH_ID_TAG = 0x10;
const FRAGMENT_TAG = 0x38;
const EVENTS_TAG = 0x5a;
/** Tag and length of a part, and the small fields, at most. */
const PART_OVERHEAD_BYTES = 6;
const FIELDS_BYTES_MAX = 16;
/** Bytes of responses kept to be shared. */
const SHARED_BYTES_MAX = 1024 * 1024;
const SHARED_ID_MAX = 1023;

/** Events are decoded only when somebody looks at them: a gRPC stream sends the wire form. */
export class EventsResponse implements WatchResponse {
  header: ResponseHeader | undefined;
  watchId: number;
  created = false;
  canceled = false;
  compactRevision = 0;
  cancelReason = "";
  fragment: boolean;
  readonly changes: readonly Change[];
  readonly withPrevious: boolean;

  constructor(
    header: ResponseHeader,
    { id, withPrevious }: { readonly id: number; readonly withPrevious: boolean },
    changes: readonly Change[],
    fragment: boolean,
  ) {
    this.header = header;
    this.watchId = id;
    this.fragment = fragment;
    this.changes = changes;
    this.withPrevious = withPrevious;
  }

  get events(): Event[] {
    return this.changes.map((change) => change.toEvent(this.withPrevious));
  }
}

/** By watch id, of ids as streams give them. No map, for the reason that `Line` is no set. */
class SharedBytes {
  readonly #byId: (Uint8Array | undefined)[] = [];
  readonly #ids: number[] = [];
  #count = 0;

  get(id: number): Uint8Array | undefined {
    return this.#byId[id];
  }

  /** Does nothing with ids beyond those. There must be none for the id. */
  add(id: number, bytes: Uint8Array): void {
    if (id < 0 || id > SHARED_ID_MAX) return;
    this.#byId[id] = bytes;
    this.#ids[this.#count++] = id;
  }

  clear(): void {
    for (let at = 0; at < this.#count; at++) this.#byId[this.#ids[at]!] = undefined;
    this.#count = 0;
  }
}

export class ResponseEncoder {
  readonly #headerFields: () => HeaderFields;
  #header: ResponseHeader = ResponseHeader.create();
  #headerBytes: Uint8Array = Buffer.alloc(0);
  /** The last response; the bytes of its events; and of all that differs from it in the watch id alone, by that. */
  #last: EventsResponse | undefined = undefined;
  #lastHeader: ResponseHeader | undefined = undefined;
  #lastEvents: Uint8Array = Buffer.alloc(0);
  readonly #lastBytes = new SharedBytes();
  #sharedBytes = 0;

  constructor(headerFields: () => HeaderFields) {
    this.#headerFields = headerFields;
  }

  /** Shared between responses: not to be changed. */
  header(revision: number): ResponseHeader {
    const { clusterId, memberId, raftTerm } = this.#headerFields();
    if (this.#header.revision !== revision || this.#header.raftTerm !== raftTerm) {
      this.#header = { clusterId, memberId, revision, raftTerm };
      this.#headerBytes = ResponseHeader.encode(this.#header);
    }
    return this.#header;
  }

  /** The response's bytes; its header is the one that `header` returned last. Shared: not to be changed. */
  encode(response: EventsResponse): Uint8Array {
    if (!this.#isLast(response)) {
      this.#lastBytes.clear();
      this.#sharedBytes = 0;
      this.#last = response;
      this.#lastHeader = this.#header;
      this.#lastEvents = encodeEvents(response);
    }
    let bytes = this.#lastBytes.get(response.watchId);
    if (bytes === undefined) {
      bytes = this.#encode(response);
      this.#sharedBytes += bytes.length;
      if (this.#sharedBytes <= SHARED_BYTES_MAX) {
        this.#lastBytes.add(response.watchId, bytes);
      }
    }
    return bytes;
  }

  #isLast(response: EventsResponse): boolean {
    const last = this.#last;
    return (
      last !== undefined &&
      last.changes === response.changes &&
      last.withPrevious === response.withPrevious &&
      last.fragment === response.fragment &&
      this.#lastHeader === this.#header
    );
  }

  #encode(response: EventsResponse): Uint8Array {
    const events = this.#lastEvents;
    const headBytesMax = this.#headerBytes.length + PART_OVERHEAD_BYTES + FIELDS_BYTES_MAX;
    const bytes = Buffer.allocUnsafe(headBytesMax + events.length);
    let at = writePart(bytes, 0, HEADER_TAG, this.#headerBytes);
    if (response.watchId !== 0) {
      bytes[at++] = WATCH_ID_TAG;
      at = writeInt64(bytes, at, response.watchId);
    }
    if (response.fragment) {
      bytes[at++] = FRAGMENT_TAG;
      bytes[at++] = 1;
    }
    bytes.set(events, at);
    return bytes.subarray(0, at + events.length);
  }
}

/** Bytes that a change takes in a response. */
export function eventBytes(change: Change, withPrevious: boolean): number {
  return change.eventBytes(withPrevious) + PART_OVERHEAD_BYTES;
}

function encodeEvents({ changes, withPrevious }: EventsResponse): Uint8Array {
  const bytesMax = changes.reduce((sum, change) => sum + eventBytes(change, withPrevious), 0);
  const bytes = Buffer.allocUnsafe(bytesMax);
  let at = 0;
  for (const change of changes) {
    bytes[at] = EVENTS_TAG;
    at = writeVarint(bytes, at + 1, change.eventBytes(withPrevious));
    at = change.writeEvent(bytes, at, withPrevious);
  }
  return bytes.subarray(0, at);
}

function writePart(bytes: Uint8Array, start: number, tag: number, content: Uint8Array): number {
  bytes[start] = tag;
  const at = writeVarint(bytes, start + 1, content.length);
  bytes.set(content, at);
  return at + content.length;
}

function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest > 127) {
    bytes[at++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  bytes[at++] = rest;
  return at;
}

function writeInt64(bytes: Uint8Array, start: number, value: number): number {
  if (value >= 0) {
    return writeVarint(bytes, start, value);
  }
  let at = start;
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes[at++] = Number(rest & 127n) | 128;
    rest >>= 7n;
  }
  bytes[at++] = Number(rest);
  return at;
}
