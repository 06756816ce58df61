/** Go's strconv: how numbers and booleans are read, and the texts when they cannot be. */
import { quote } from "./quote.ts";

export type Parsed<T> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: string };

const TRUE = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const FALSE = new Set(["0", "f", "F", "false", "FALSE", "False"]);
const DIGITS: Readonly<Record<number, RegExp>> = {
  2: /^[01]+$/,
  8: /^[0-7]+$/,
  10: /^[0-9]+$/,
  16: /^[0-9a-fA-F]+$/,
};
const PREFIXES: Readonly<Record<number, string>> = { 2: "0b", 8: "0o", 10: "", 16: "0x" };

function failure(name: string, text: string, why: string): { error: string } {
  return { error: `strconv.${name}: parsing ${quote(text)}: ${why}` };
}

/** Base and digits of a number whose base its prefix tells; underscores may part its digits. */
function withPrefix(text: string): { base: number; digits: string } {
  const found = /^0([bBoOxX])(.*)$/s.exec(text);
  const base = { b: 2, o: 8, x: 16 }[found?.[1]?.toLowerCase() ?? ""];
  if (base !== undefined) return { base, digits: (found?.[2] ?? "").replaceAll(/_(?=.)/g, "") };
  const digits = text.replaceAll(/(?<=.)_(?=.)/g, "");
  return digits.length > 1 && digits.startsWith("0")
    ? { base: 8, digits: digits.slice(1) }
    : { base: 10, digits };
}

function magnitude(text: string, base: number): bigint | undefined {
  const plain = base === 0 ? withPrefix(text) : { base, digits: text };
  if (!DIGITS[plain.base]?.test(plain.digits)) return undefined;
  return BigInt(`${PREFIXES[plain.base] ?? ""}${plain.digits}`);
}

/** strconv.ParseInt(text, base, 64); base 0 reads the base from the text's prefix. */
export function parseInt64(text: string, base: 0 | 10 | 16): Parsed<bigint> {
  const negative = text.startsWith("-");
  const value = magnitude(text.replace(/^[+-]/, ""), base);
  if (value === undefined) return failure("ParseInt", text, "invalid syntax");
  const signed = negative ? -value : value;
  if (BigInt.asIntN(64, signed) !== signed) return failure("ParseInt", text, "value out of range");
  return { value: signed };
}

/** strconv.ParseUint(text, base, 64). */
export function parseUint64(text: string, base: 0 | 10 | 16): Parsed<bigint> {
  const value = magnitude(text, base);
  if (value === undefined) return failure("ParseUint", text, "invalid syntax");
  if (BigInt.asUintN(64, value) !== value) {
    return failure("ParseUint", text, "value out of range");
  }
  return { value };
}

export function parseBool(text: string): Parsed<boolean> {
  if (TRUE.has(text)) return { value: true };
  if (FALSE.has(text)) return { value: false };
  return failure("ParseBool", text, "invalid syntax");
}

/** The nearest `number` without loss of exactness: beyond the safe integers their bound. */
export function toSafeNumber(value: bigint): number {
  const bound = BigInt(Number.MAX_SAFE_INTEGER);
  if (value > bound) return Number.MAX_SAFE_INTEGER;
  return value < -bound ? -Number.MAX_SAFE_INTEGER : Number(value);
}
