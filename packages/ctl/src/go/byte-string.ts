/**
 * Keys and values are bytes, arguments and lines are JavaScript strings. A byte that is part of no
 * valid UTF-8 sequence travels in a string as a lone surrogate, U+DC80 to U+DCFF (as Python's
 * "surrogateescape" does), so that nothing is lost on the way.
 */
import { isUtf8 } from "node:buffer";

const ESCAPE_BASE = 0xdc00;
const ESCAPED = /[\udc80-\udcff]/;

function isEscape(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  if (unit < 0xdc80 || unit > 0xdcff) return false;
  const before = index > 0 ? text.charCodeAt(index - 1) : 0;
  return before < 0xd800 || before > 0xdbff;
}

/** How many bytes the valid UTF-8 sequence at `index` has; 0 when there is none. */
export function utf8SequenceLength(bytes: Uint8Array, index: number): number {
  const first = bytes[index] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (length < 2) return length;
  if (index + length > bytes.length) return 0;
  return isUtf8(bytes.subarray(index, index + length)) ? length : 0;
}

/** The string that stands for these bytes; `toBytes` gives them back unchanged. */
export function fromBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString("utf8");
  const parts: string[] = [];
  for (let i = 0; i < buffer.length; ) {
    const length = utf8SequenceLength(buffer, i);
    if (length === 0) {
      parts.push(String.fromCharCode(ESCAPE_BASE + (buffer[i] ?? 0)));
      i++;
    } else {
      parts.push(buffer.toString("utf8", i, i + length));
      i += length;
    }
  }
  return parts.join("");
}

/** The bytes a string stands for. */
export function toBytes(text: string): Buffer {
  if (!ESCAPED.test(text)) return Buffer.from(text, "utf8");
  const parts: Buffer[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (!isEscape(text, i)) continue;
    parts.push(Buffer.from(text.slice(start, i), "utf8"));
    parts.push(Buffer.of(text.charCodeAt(i) - ESCAPE_BASE));
    start = i + 1;
  }
  parts.push(Buffer.from(text.slice(start), "utf8"));
  return Buffer.concat(parts);
}
