/**
 * What a client may make the server do, each limit with the attack it stops. All but those of the
 * server's memory are per connection. "Close" means GOAWAY with ENHANCE_YOUR_CALM; nothing here is felt
 * by another connection.
 */

const KIB = 1024;
const MIB = 1024 * 1024;

/** Up to the end of the preface and the first SETTINGS. Half-open connections: GHSA-6vch-q96h-7gc3. */
export const PREFACE_TIMEOUT_MS = 10_000;
/** Connections of one server that are in their TLS handshake or preface; more are closed. */
export const PENDING_CONNECTIONS_MAX = 1024;

/** Frames we accept: the smallest maximum that the protocol allows (SETTINGS_MAX_FRAME_SIZE). */
export const FRAME_BYTES_MAX: number = 16 * KIB;

/** CONTINUATION flood, CVE-2024-27316 and CVE-2023-45288: frames and bytes of one block, or close. */
export const CONTINUATIONS_MAX = 8;
export const HEADER_BLOCK_BYTES_MAX: number = 128 * KIB;
/** Slow headers: from HEADERS to END_HEADERS, or close. */
export const HEADER_BLOCK_TIMEOUT_MS = 10_000;

/**
 * HPACK bomb, CVE-2016-6581, and the HTTP/2 bomb of indexed references, CVE-2026-49975: what a block
 * may decode to, counted while it is decoded. Over it the call ends with ResourceExhausted; at
 * `BOMB_FACTOR` times as much the connection closes.
 */
export const HEADER_LIST_BYTES_MAX: number = 64 * KIB;
export const HEADER_FIELDS_MAX = 512;
export const BOMB_FACTOR = 4;
/** The dynamic table that clients may fill. */
export const HEADER_TABLE_BYTES_MAX: number = 4 * KIB;

/** Streams open at a time when the operator sets no limit. */
export const STREAMS_MAX = 16_384;
/** HTTP/2 bomb, CVE-2026-49975: what open streams keep, themselves and their header lists. Above it new ones are refused. */
export const STREAM_BYTES: number = KIB;
export const OPEN_STREAMS_BYTES_MAX: number = 32 * MIB;
/**
 * Rapid reset, CVE-2023-44487: handlers that go on after their client has reset the stream; above it
 * new streams are refused.
 */
export const ABANDONED_HANDLERS_MAX = 256;
/**
 * Resets by the client (CVE-2023-44487), and streams that its errors made us reset (CVE-2025-8671,
 * MadeYouReset), or close. The burst lets a client with a thousand calls give up all of them at once.
 */
export const RESETS_BURST = 1000;
export const RESETS_PER_SECOND = 33;

/** SETTINGS flood, CVE-2019-9515, or close. */
export const SETTINGS_BURST = 100;
export const SETTINGS_PER_SECOND = 10;
/** Settings in one frame, or close. */
export const SETTINGS_ENTRIES_MAX = 32;
/** PRIORITY flood, CVE-2019-9513, and other frames without effect, or close. */
export const GLITCHES_BURST = 10_000;
export const GLITCHES_PER_SECOND = 330;

/**
 * PING flood, CVE-2019-9512, and every other frame that we must answer: answers that the socket has
 * not taken. At the first mark no more is read, at the second the connection closes.
 */
export const UNSENT_ANSWERS_PAUSE = 100;
export const UNSENT_ANSWERS_MAX = 1000;
/** Pings faster than the client was told it may, or close with `too_many_pings`. */
export const PING_STRIKES_MAX = 2;
/** The least time between pings of a client that has no stream open. */
export const IDLE_PING_INTERVAL_MS: number = 2 * 60 * 60 * 1000;

/** Empty frames, CVE-2019-9518: DATA without payload or END_STREAM on one stream, or close. */
export const EMPTY_DATA_MAX = 10;
/** WINDOW_UPDATE flood and dribble, CVE-2019-9511: 5 + 2 × (streams + 10 × DATA frames sent), or close. */
export const WINDOW_UPDATES_FREE = 5;
export const WINDOW_UPDATES_PER_STREAM = 2;
export const WINDOW_UPDATES_PER_DATA = 20;

/** Slow read, CVE-2019-9517: unsent bytes above which new requests wait before their handler runs. */
export const UNSENT_BYTES_MAX: number = 8 * MIB;
/** Unsent bytes above which streams are to wait at the second of these marks rather than at their own. */
export const CROWDED_BYTES: number = UNSENT_BYTES_MAX / 2;
export const CROWDED_SINK_BYTES_MAX: number = 64 * KIB;
/** Bytes that windows allow and the socket does not take, above which no more is read. */
export const BLOCKED_BYTES_MAX: number = 1 * MIB;
/** A connection over such a mark that takes nothing at all for so long is closed. */
export const STALLED_WRITE_TIMEOUT_MS = 60_000;

/** What one stream may send before its message is known to be longer. */
export const STREAM_WINDOW_BYTES: number = 64 * KIB - 1;
/** What all streams may send before we tell that we took it. */
export const CONNECTION_WINDOW_BYTES: number = 16 * MIB;
/** Window lent to long messages at a time; further ones wait for their turn. One always gets its own. */
export const LOANED_BYTES_MAX: number = 16 * MIB;
/** Bytes of requests that are not complete or not taken, beside those of one message, or close. */
export const HELD_REQUEST_BYTES_MAX: number = 64 * MIB;
/** Small DATA frames: what a message that waits is counted with beside its bytes. */
export const WAITING_MESSAGE_BYTES = 256;

/** Many connections, each below its limits: what all together keep. See memory-budget.ts. */
export const SERVER_BYTES_MAX: number = 1024 * MIB;
/** The share of it above which new streams are refused to those who keep much. */
export const TIGHT_SHARE = 0.75;
/** A connection that keeps no more has no part in it. */
export const SPARED_BYTES: number = 256 * KIB;

/** From GOAWAY, or from our last byte, until a connection that does not close is cut. */
export const CLOSE_TIMEOUT_MS = 1_000;
