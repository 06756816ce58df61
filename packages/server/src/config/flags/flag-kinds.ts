/** How each kind of flag reads its text, and when two of its values are the same. */
import { type FeatureGates, parseFeatureGates } from "../feature-gates.ts";
import { quote, ValueError } from "../../lib/value-error.ts";
import { type IntegerRange, parseGoBool, parseGoDurationMs, parseGoInteger } from "../go-values.ts";
import { type MemberUrl, parseUrlList } from "../../lib/member-url.ts";

/** Durations are held in milliseconds; `ignored` flags hold nothing. */
export interface FlagValueOf {
  bool: boolean;
  string: string;
  int: number;
  uint: number;
  uint32: number;
  duration: number;
  urls: readonly MemberUrl[];
  origins: readonly string[];
  strings: readonly string[];
  choice: string;
  choices: readonly string[];
  gates: FeatureGates;
  ignored: undefined;
}

export type FlagKind = keyof FlagValueOf;
export type FlagValue = FlagValueOf[FlagKind];

const INT64: IntegerRange = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const UINT64: IntegerRange = { min: 0n, max: 2n ** 64n - 1n };
const UINT32: IntegerRange = { min: 0n, max: 2n ** 32n - 1n };

function parseInteger(text: string, range: IntegerRange): number {
  const parsed = parseGoInteger(text, range);
  if (parsed === "syntax") throw new ValueError("parse error");
  if (parsed === "range") throw new ValueError("value out of range");
  return parsed;
}

function parseUint32(text: string): number {
  const parsed = parseGoInteger(text, UINT32);
  if (typeof parsed === "number") return parsed;
  const reason = parsed === "range" ? "value out of range" : "invalid syntax";
  throw new ValueError(`strconv.ParseUint: parsing ${quote(text)}: ${reason}`);
}

function parseDuration(text: string): number {
  const ms = parseGoDurationMs(text);
  if (ms === undefined) throw new ValueError("parse error");
  return ms;
}

function parseBool(text: string): boolean {
  const value = parseGoBool(text);
  if (value === undefined) throw new ValueError("parse error");
  return value;
}

function parseOrigins(text: string): readonly string[] {
  return text === "*" || text === "" ? [text] : parseUrlList(text).map((url) => url.text);
}

function parseStrings(text: string): readonly string[] {
  return text === "" ? [] : [...new Set(text.split(","))].sort();
}

function parseChoice(text: string, valid: readonly string[]): string {
  if (!valid.includes(text)) throw new ValueError("invalid value");
  return text;
}

function parseChoices(text: string, valid: readonly string[]): readonly string[] {
  const words = text.split(",");
  const bad = words.find((word) => !valid.includes(word));
  if (bad !== undefined) throw new ValueError(`invalid value ${quote(bad)}`);
  return words.sort();
}

/** Throws `ValueError`. `valid` is what `choice` and `choices` flags may hold. */
export function parseFlagValue(
  kind: FlagKind,
  text: string,
  valid: readonly string[] = [],
): FlagValue {
  switch (kind) {
    case "bool":
      return parseBool(text);
    case "string":
      return text;
    case "int":
      return parseInteger(text, INT64);
    case "uint":
      return parseInteger(text, UINT64);
    case "uint32":
      return parseUint32(text);
    case "duration":
      return parseDuration(text);
    case "urls":
      return text === "" ? [] : parseUrlList(text);
    case "origins":
      return parseOrigins(text);
    case "strings":
      return parseStrings(text);
    case "choice":
      return parseChoice(text, valid);
    case "choices":
      return parseChoices(text, valid);
    case "gates":
      return parseFeatureGates(text);
    case "ignored":
      return undefined;
  }
}

function comparable(value: FlagValue): unknown {
  if (value instanceof Map) return [...value];
  return value;
}

/** Whether two values of one flag mean the same setting. */
export function sameFlagValue(a: FlagValue, b: FlagValue): boolean {
  return a === b || JSON.stringify(comparable(a)) === JSON.stringify(comparable(b));
}
