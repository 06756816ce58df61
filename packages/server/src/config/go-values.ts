/**
 * Values in the syntax of Go's `flag`, `strconv` and `time` packages, with their error texts: what
 * operators and scripts of etcd already write, and what they already match on.
 */

const TRUE_WORDS: ReadonlySet<string> = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE_WORDS: ReadonlySet<string> = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/** Undefined when the text is no Go boolean. */
export function parseGoBool(text: string): boolean | undefined {
  if (TRUE_WORDS.has(text)) return true;
  if (FALSE_WORDS.has(text)) return false;
  return undefined;
}

const DECIMAL = /^(0|[1-9](_?[0-9])*)$/;
const PREFIXED = /^0([xX](_?[0-9a-fA-F])+|[bB](_?[01])+|[oO](_?[0-7])+)$/;
const OLD_OCTAL = /^0(_?[0-7])+$/;

function parseMagnitude(text: string): bigint | undefined {
  const digits = text.replaceAll("_", "");
  if (DECIMAL.test(text) || PREFIXED.test(text)) return BigInt(digits);
  if (OLD_OCTAL.test(text)) return BigInt(`0o${digits.slice(1)}`);
  return undefined;
}

export interface IntegerRange {
  readonly min: bigint;
  readonly max: bigint;
}

export type IntegerFailure = "syntax" | "range";

/**
 * An integer as Go's `strconv` reads it with base 0 (`0x`, `0o`, `0b`, underscores). Numbers past
 * 2^53 are out of range here whatever Go allows: nothing we count gets there.
 */
export function parseGoInteger(text: string, range: IntegerRange): number | IntegerFailure {
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  if (sign !== "" && range.min === 0n) return "syntax";
  const magnitude = parseMagnitude(text.slice(sign.length));
  if (magnitude === undefined) return "syntax";
  const value = sign === "-" ? -magnitude : magnitude;
  if (value < range.min || value > range.max) return "range";
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : "range";
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const DURATION_MS_MAX = 2 ** 63 / 1e6;
const DURATION_PART = /([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)/y;

/** A Go duration (`1h30m`, `300ms`, `-1.5s`, `0`) in milliseconds; undefined when it is none. */
export function parseGoDurationMs(text: string): number | undefined {
  const negative = text.startsWith("-");
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body === "0") return 0;
  if (body === "") return undefined;
  let total = 0;
  DURATION_PART.lastIndex = 0;
  while (DURATION_PART.lastIndex < body.length) {
    const part = DURATION_PART.exec(body);
    if (part === null) return undefined;
    total += Number(part[1]) * (UNIT_MS[part[2] ?? ""] ?? Number.NaN);
  }
  if (!(total < DURATION_MS_MAX)) return undefined;
  return negative ? -total : total;
}

/** Milliseconds as Go prints a duration: `1m0s`, `100ms`, `-1s`. */
export function formatGoDuration(ms: number): string {
  if (ms === 0) return "0s";
  if (ms < 0) return `-${formatGoDuration(-ms)}`;
  if (ms < 1e-3) return `${Math.round(ms * 1e6)}ns`;
  if (ms < 1) return `${round(ms * 1e3, 3)}µs`;
  if (ms < 1000) return `${round(ms, 6)}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = `${round((ms % 60_000) / 1000, 9)}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
