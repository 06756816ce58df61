/** Go's durations. Here they are numbers of nanoseconds (exact up to 104 days). */
import { quote } from "./quote.ts";

export const NANOSECOND = 1;
export const MICROSECOND = 1e3;
export const MILLISECOND = 1e6;
export const SECOND = 1e9;

const UNITS: Readonly<Record<string, number>> = {
  ns: NANOSECOND,
  us: MICROSECOND,
  µs: MICROSECOND,
  μs: MICROSECOND,
  ms: MILLISECOND,
  s: SECOND,
  m: 60 * SECOND,
  h: 3600 * SECOND,
};
const LONGEST = 2 ** 63;

/** `value / unit`, without trailing zeros: 1500 µs is "1.5" ms. */
function inUnit(value: number, unit: number): string {
  const digits = String(unit).length - 1;
  const whole = Math.floor(value / unit);
  const fraction = String(value % unit)
    .padStart(digits, "0")
    .replace(/0+$/, "");
  return fraction === "" || digits === 0 ? String(whole) : `${whole}.${fraction}`;
}

/** As Go prints a duration: "1.5ms", "2s", "1h0m5s". */
export function formatDuration(nanoseconds: number): string {
  const value = Math.round(Math.abs(nanoseconds));
  const sign = nanoseconds < 0 ? "-" : "";
  if (value === 0) return "0s";
  if (value < MICROSECOND) return `${sign}${value}ns`;
  if (value < MILLISECOND) return `${sign}${inUnit(value, MICROSECOND)}µs`;
  if (value < SECOND) return `${sign}${inUnit(value, MILLISECOND)}ms`;
  const minutes = Math.floor(value / (60 * SECOND));
  const seconds = `${inUnit(value % (60 * SECOND), SECOND)}s`;
  if (minutes === 0) return sign + seconds;
  if (minutes < 60) return `${sign}${minutes}m${seconds}`;
  return `${sign}${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}

export type ParsedDuration =
  | { readonly nanoseconds: number; readonly error?: undefined }
  | { readonly nanoseconds?: undefined; readonly error: string };

/** Reads what Go's time.ParseDuration reads, with its error texts. */
export function parseDuration(text: string): ParsedDuration {
  const invalid = { error: `time: invalid duration ${quote(text)}` };
  let rest = text.replace(/^[+-]/, "");
  const sign = text.startsWith("-") ? -1 : 1;
  if (rest === "0") return { nanoseconds: 0 };
  if (rest === "") return invalid;
  let total = 0;
  while (rest !== "") {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) return invalid;
    rest = rest.slice(number.length);
    const unitName = /^[^\d.]*/.exec(rest)?.[0] ?? "";
    if (unitName === "") return { error: `time: missing unit in duration ${quote(text)}` };
    const unit = UNITS[unitName];
    if (unit === undefined) {
      return { error: `time: unknown unit ${quote(unitName)} in duration ${quote(text)}` };
    }
    total += Number(number) * unit;
    rest = rest.slice(unitName.length);
  }
  return total >= LONGEST ? invalid : { nanoseconds: sign * Math.trunc(total) };
}
