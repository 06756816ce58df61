/** SETTINGS, RFC 9113, section 6.5. */
import { calm, ConnectionError, frameSizeError, Http2Code, protocolError } from "./error-codes.ts";
import { readUint32, STREAM_ID_MAX } from "./frames.ts";
import { SETTINGS_ENTRIES_MAX } from "./limits.ts";

export const Setting = {
  HEADER_TABLE_SIZE: 0x1,
  ENABLE_PUSH: 0x2,
  MAX_CONCURRENT_STREAMS: 0x3,
  INITIAL_WINDOW_SIZE: 0x4,
  MAX_FRAME_SIZE: 0x5,
  MAX_HEADER_LIST_SIZE: 0x6,
} as const;

const ENTRY_BYTES = 6;
const FRAME_SIZE_MIN = 2 ** 14;
const FRAME_SIZE_MAX = 2 ** 24 - 1;

/** What is known of the peer, as the protocol begins. */
export interface PeerSettings {
  headerTableSize: number;
  initialWindowSize: number;
  maxFrameSize: number;
}

export function initialPeerSettings(): PeerSettings {
  return { headerTableSize: 4096, initialWindowSize: 65_535, maxFrameSize: FRAME_SIZE_MIN };
}

function apply(settings: PeerSettings, id: number, value: number): void {
  switch (id) {
    case Setting.HEADER_TABLE_SIZE:
      settings.headerTableSize = value;
      break;
    case Setting.ENABLE_PUSH:
      if (value > 1) throw protocolError(`ENABLE_PUSH is ${value}`);
      break;
    case Setting.INITIAL_WINDOW_SIZE:
      if (value > STREAM_ID_MAX) {
        throw new ConnectionError(Http2Code.FLOW_CONTROL_ERROR, `INITIAL_WINDOW_SIZE is ${value}`);
      }
      settings.initialWindowSize = value;
      break;
    case Setting.MAX_FRAME_SIZE:
      if (value < FRAME_SIZE_MIN || value > FRAME_SIZE_MAX) {
        throw protocolError(`MAX_FRAME_SIZE is ${value}`);
      }
      settings.maxFrameSize = value;
      break;
    default:
      break;
  }
}

/**
 * Takes the payload of a SETTINGS frame, entry by entry. Throws `ConnectionError`. `onHeaderTable` is
 * told each table size, for a table that shrinks and grows in one frame has shrunk.
 */
export function applySettings(
  settings: PeerSettings,
  payload: Uint8Array,
  onHeaderTable: (bytes: number) => void,
): void {
  if (payload.length % ENTRY_BYTES !== 0) throw frameSizeError("SETTINGS of odd length");
  if (payload.length > ENTRY_BYTES * SETTINGS_ENTRIES_MAX) throw calm("too many settings");
  for (let at = 0; at < payload.length; at += ENTRY_BYTES) {
    const id = (payload[at]! << 8) | payload[at + 1]!;
    const value = readUint32(payload, at + 2);
    apply(settings, id, value);
    if (id === Setting.HEADER_TABLE_SIZE) onHeaderTable(value);
  }
}
