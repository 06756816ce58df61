/** Go's quoted strings: what `%q` prints, and what `%q` of its scanner reads. */
import { fromBytes, toBytes, utf8SequenceLength } from "./byte-string.ts";

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

function quoteCharacter(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const point = character.codePointAt(0) ?? 0;
  if (point >= 0x20 && point < 0x7f) return character;
  if (point < 0x80) return `\\x${hex(point, 2)}`;
  if (PRINTABLE.test(character)) return character;
  return point < 0x10000 ? `\\u${hex(point, 4)}` : `\\U${hex(point, 8)}`;
}

const ASCII: readonly string[] = Array.from({ length: 0x80 }, (_, code) =>
  quoteCharacter(String.fromCharCode(code)),
);

/** Text of which every character is printed as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** As Go's `%q` prints a string of these bytes, or of this text. */
export function quote(value: Uint8Array | string): string {
  if (typeof value === "string" && PLAIN.test(value)) return `"${value}"`;
  const bytes =
    typeof value === "string"
      ? toBytes(value)
      : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const ascii = bytes.toString("latin1");
  if (PLAIN.test(ascii)) return `"${ascii}"`;
  let quoted = "";
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i] as number;
    const length = byte < 0x80 ? 1 : utf8SequenceLength(bytes, i);
    if (byte < 0x80) quoted += ASCII[byte];
    else if (length === 0) quoted += `\\x${hex(byte, 2)}`;
    else quoted += quoteCharacter(bytes.toString("utf8", i, i + length));
    i += Math.max(length, 1);
  }
  return `"${quoted}"`;
}

/** As Go's `%q` prints a rune: 'x'. */
export function quoteRune(character: string): string {
  if (character === "'") return "'\\''";
  if (character === '"') return `'"'`;
  return `'${quoteCharacter(character)}'`;
}

const SIMPLE: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  "\\": 0x5c,
  '"': 0x22,
};
const ESCAPE =
  /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([abfnrtv\\"]))/;

/** The bytes of the escape that begins `rest` (after the backslash), and how long it is. */
function unescape(rest: string): { bytes: Buffer; length: number } | undefined {
  const found = ESCAPE.exec(rest);
  if (found === null) return undefined;
  const [all, byte, short, long, octal, simple] = found;
  const length = all.length;
  if (byte !== undefined) return { bytes: Buffer.of(Number.parseInt(byte, 16)), length };
  if (simple !== undefined) return { bytes: Buffer.of(SIMPLE[simple] ?? 0), length };
  if (octal !== undefined) {
    const value = Number.parseInt(octal, 8);
    return value > 255 ? undefined : { bytes: Buffer.of(value), length };
  }
  const point = Number.parseInt(short ?? long ?? "", 16);
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined;
  return { bytes: Buffer.from(String.fromCodePoint(point), "utf8"), length };
}

/** A quoted string and where the text after it begins. */
export interface Unquoted {
  readonly value: string;
  readonly end: number;
}

/**
 * Reads the Go string literal at the start of `text`: in double quotes with escapes, or in back
 * quotes. undefined when there is none or it is not well-formed.
 */
export function unquotePrefix(text: string): Unquoted | undefined {
  if (text.startsWith("`")) {
    const close = text.indexOf("`", 1);
    if (close < 0) return undefined;
    return { value: text.slice(1, close).replaceAll("\r", ""), end: close + 1 };
  }
  if (!text.startsWith('"')) return undefined;
  const parts: Buffer[] = [];
  for (let i = 1; i < text.length; ) {
    const character = text[i] as string;
    if (character === '"') return { value: fromBytes(Buffer.concat(parts)), end: i + 1 };
    if (character === "\n") return undefined;
    if (character !== "\\") {
      const next = text.slice(i).search(/["\\\n]/);
      const stop = next < 0 ? text.length : i + next;
      parts.push(toBytes(text.slice(i, stop)));
      i = stop;
      continue;
    }
    const escape = unescape(text.slice(i + 1));
    if (escape === undefined) return undefined;
    parts.push(escape.bytes);
    i += 1 + escape.length;
  }
  return undefined;
}
