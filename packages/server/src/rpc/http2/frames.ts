/** Frames of RFC 9113, section 4 and 6: their layout, and the writing of those with a fixed form. */

export const FRAME_HEADER_BYTES = 9;

export const FrameType = {
  DATA: 0x0,
  HEADERS: 0x1,
  PRIORITY: 0x2,
  RST_STREAM: 0x3,
  SETTINGS: 0x4,
  PUSH_PROMISE: 0x5,
  PING: 0x6,
  GOAWAY: 0x7,
  WINDOW_UPDATE: 0x8,
  CONTINUATION: 0x9,
} as const;

export const Flag = {
  END_STREAM: 0x1,
  ACK: 0x1,
  END_HEADERS: 0x4,
  PADDED: 0x8,
  PRIORITY: 0x20,
} as const;

export const STREAM_ID_MAX = 0x7fff_ffff;

export const PREFACE: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

export function readUint31(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at]! & 0x7f) << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  );
}

export function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! & 0x80) === 0 ? readUint31(bytes, at) : readUint31(bytes, at) + 0x8000_0000;
}

function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

export interface FrameHeader {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
}

/** Returns where the payload begins. */
export function writeFrameHeader(bytes: Uint8Array, at: number, header: FrameHeader): number {
  return putFrameHeader(bytes, at, header.length, header.type, header.flags, header.streamId);
}

/** As `writeFrameHeader`, without an object. */
export function putFrameHeader(
  bytes: Uint8Array,
  at: number,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): number {
  bytes[at] = length >>> 16;
  bytes[at + 1] = length >>> 8;
  bytes[at + 2] = length;
  bytes[at + 3] = type;
  bytes[at + 4] = flags;
  writeUint32(bytes, at + 5, streamId);
  return at + FRAME_HEADER_BYTES;
}

export function encodeFrame(
  type: number,
  flags: number,
  streamId: number,
  payload: Uint8Array,
): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length);
  frame.set(payload, putFrameHeader(frame, 0, payload.length, type, flags, streamId));
  return frame;
}

function uint32Frame(type: number, streamId: number, value: number): Buffer {
  const payload = Buffer.allocUnsafe(4);
  writeUint32(payload, 0, value);
  return encodeFrame(type, 0, streamId, payload);
}

export function encodeRstStream(streamId: number, code: number): Buffer {
  return uint32Frame(FrameType.RST_STREAM, streamId, code);
}

export function encodeWindowUpdate(streamId: number, increment: number): Buffer {
  return uint32Frame(FrameType.WINDOW_UPDATE, streamId, increment);
}

/** `payload` is eight bytes. */
export function encodePing(payload: Uint8Array, isAck: boolean): Buffer {
  return encodeFrame(FrameType.PING, isAck ? Flag.ACK : 0, 0, payload);
}

export function encodeGoaway(lastStreamId: number, code: number, debug: string): Buffer {
  const text = Buffer.from(debug, "utf8");
  const payload = Buffer.allocUnsafe(8 + text.length);
  writeUint32(payload, 0, lastStreamId);
  writeUint32(payload, 4, code);
  payload.set(text, 8);
  return encodeFrame(FrameType.GOAWAY, 0, 0, payload);
}

export function encodeSettings(
  settings: readonly (readonly [id: number, value: number])[],
): Buffer {
  const payload = Buffer.allocUnsafe(6 * settings.length);
  for (const [index, [id, value]] of settings.entries()) {
    payload[6 * index] = id >>> 8;
    payload[6 * index + 1] = id;
    writeUint32(payload, 6 * index + 2, value);
  }
  return encodeFrame(FrameType.SETTINGS, 0, 0, payload);
}

export const SETTINGS_ACK: Buffer = encodeFrame(FrameType.SETTINGS, Flag.ACK, 0, Buffer.alloc(0));
