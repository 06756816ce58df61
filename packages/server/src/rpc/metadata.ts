/** Metadata as header fields: percent-encoded texts, binary values, and the fields of each response. */
import { OutgoingField } from "./http2/hpack/encoder.ts";
import { type RpcError, StatusCode } from "./status.ts";

const STATUS_CODES = 17;
/** Pins 0 and up are content-type, then the status codes. */
const CONTENT_TYPE = new OutgoingField("content-type", "application/grpc", 0);
const HTTP_OK = new OutgoingField(":status", "200");
const STATUS: readonly OutgoingField[] = Array.from(
  { length: STATUS_CODES },
  (_, code) => new OutgoingField("grpc-status", String(code), code + 1),
);

export type Fields = readonly OutgoingField[];

export const RESPONSE_HEADERS: Fields = [HTTP_OK, CONTENT_TYPE];
/** Of a response whose messages may be compressed. */
export const GZIP_RESPONSE_HEADERS: Fields = [
  ...RESPONSE_HEADERS,
  new OutgoingField("grpc-encoding", "gzip"),
];
export const OK_TRAILERS: Fields = [STATUS[StatusCode.OK]!];

const PLAIN = /^[\x20-\x24\x26-\x7e]*$/;

/** All bytes of the text's UTF-8 but %x20-24 and %x26-7E become `%` and two digits. */
export function encodeStatusMessage(message: string): string {
  if (PLAIN.test(message)) return message;
  let encoded = "";
  for (const byte of Buffer.from(message, "utf8")) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += isPlain
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

function statusField(code: number): OutgoingField {
  return STATUS[code] ?? new OutgoingField("grpc-status", String(code));
}

/** The trailers of a call that ends with an error. */
export function errorTrailers(error: RpcError): OutgoingField[] {
  const fields = [statusField(error.code)];
  if (error.message !== "") {
    fields.push(new OutgoingField("grpc-message", encodeStatusMessage(error.message)));
  }
  return fields;
}

/** The only header block of a call that ends before it has answered. */
export function trailersOnly(error: RpcError, httpStatus = 200): OutgoingField[] {
  const status = httpStatus === 200 ? HTTP_OK : new OutgoingField(":status", String(httpStatus));
  return [status, CONTENT_TYPE, ...errorTrailers(error)];
}

export function isBinary(name: string): boolean {
  return name.endsWith("-bin");
}

const NOT_BASE64 = /[^A-Za-z0-9+/]/;

/** Of the values of a binary field, which may be joined by commas. */
export function firstValue(value: string): string {
  const comma = value.indexOf(",");
  return (comma < 0 ? value : value.slice(0, comma)).trim();
}

/** Where the text stops being base64, padded or not, as grpc-go counts it; -1 when it does not. */
export function findBadBase64(text: string): number {
  const at = text.search(NOT_BASE64);
  if (at < 0) return text.length % 4 === 1 ? text.length - 1 : -1;
  // Padding belongs behind the second or the third of the last four characters.
  if (text[at] !== "=" || text.length % 4 !== 0 || at % 4 < 2) return at;
  if (at % 4 === 3) return at + 1 === text.length ? -1 : at + 1;
  if (text[at + 1] !== "=") return at;
  return at + 2 === text.length ? -1 : at + 2;
}

/** The first of the values of a binary field that was found to be sound. */
export function decodeBinary(value: string): Buffer {
  return Buffer.from(firstValue(value), "base64");
}

/** A metadata field to send. Values of `-bin` keys are bytes, others printable ASCII. */
export function metadataField(key: string, value: string | Uint8Array): OutgoingField {
  const text =
    typeof value === "string" ? value : Buffer.from(value).toString("base64").replace(/=+$/, "");
  return new OutgoingField(key.toLowerCase(), text);
}
