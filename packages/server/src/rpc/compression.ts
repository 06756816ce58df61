/**
 * Message compression as grpc-go has it: requests may be gzipped, and a client that says so in
 * `grpc-encoding` gets gzipped responses. What a client merely accepts is not compressed.
 */
import { constants, gunzipSync, gzipSync } from "node:zlib";
import { RpcError, StatusCode } from "./status.ts";

/** What we say we understand. */
export const ACCEPTED_ENCODINGS = "identity,gzip";

const PREFIX_BYTES = 5;
const GZIP_HEADER_BYTES = 10;
/** Of less nothing is gained. */
const GZIP_BYTES_MIN = 1024;
/** More would hold up everybody else; each message says whether it is compressed. */
const GZIP_BYTES_MAX = 256 * 1024;

export function isKnownEncoding(encoding: string): boolean {
  return encoding === "identity" || encoding === "gzip";
}

/** Whether a response of a call with gzip is compressed; otherwise it goes as it is. */
export function isWorthGzip(bytes: Uint8Array): boolean {
  return bytes.length >= GZIP_BYTES_MIN && bytes.length <= GZIP_BYTES_MAX;
}

/** The message, compressed, with its prefix. */
export function gzipMessage(bytes: Uint8Array): Buffer {
  const gzipped = gzipSync(bytes, { level: constants.Z_BEST_SPEED });
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix[0] = 1;
  prefix.writeUInt32BE(gzipped.length, 1);
  return Buffer.concat([prefix, gzipped]);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** What grpc-go says of bytes that are no gzip, as far as zlib tells the same faults apart. */
function explain(bytes: Uint8Array, error: unknown): string {
  const header = "grpc: failed to decompress the message: ";
  const body = "grpc: failed to read decompressed data: ";
  const reason = error instanceof Error ? error.message : String(error);
  if (bytes.length === 0) return `${header}EOF`;
  if (bytes.length < GZIP_HEADER_BYTES) return `${header}unexpected EOF`;
  if (reason === "incorrect header check") return `${header}gzip: invalid header`;
  if (reason === "unexpected end of file") return `${body}unexpected EOF`;
  if (reason === "incorrect data check" || reason === "incorrect length check") {
    return `${body}gzip: invalid checksum`;
  }
  return body + reason;
}

/** Throws `RpcError` when the bytes are no gzip, or become more than `bytesMax`. */
export function inflate(bytes: Uint8Array, bytesMax: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(1, bytesMax) });
  } catch (error) {
    if (codeOf(error) === "ERR_BUFFER_TOO_LARGE") {
      const text = `grpc: received message after decompression larger than max ${bytesMax}`;
      throw new RpcError(StatusCode.ResourceExhausted, text, { cause: error });
    }
    throw new RpcError(StatusCode.Internal, explain(bytes, error), { cause: error });
  }
}
