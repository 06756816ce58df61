/**
 * The conditions of a transaction as `txn` reads them: `mod("key") > "0"`, key and operand quoted
 * as in Go, numbers too.
 */
import { Compare, Compare_CompareResult, Compare_CompareTarget } from "@kvorum/proto";
import { CtlError } from "./ctl-error.ts";
import { ExitCode } from "./exit-codes.ts";
import { toBytes } from "./go/byte-string.ts";
import { quote, unquotePrefix } from "./go/quote.ts";
import { parseInt64, toSafeNumber } from "./go/strconv.ts";

const RESULTS: Readonly<Record<string, number>> = {
  "=": Compare_CompareResult.EQUAL,
  "!=": Compare_CompareResult.NOT_EQUAL,
  ">": Compare_CompareResult.GREATER,
  "<": Compare_CompareResult.LESS,
};

interface Scanned {
  key: string;
  operator: string;
  operand: string;
  /** How many of the three could be read. */
  count: number;
}

const withoutBlanks = (text: string): string => text.replace(/^[ \t\r\v\f]+/, "");

/** Reads `"key") operator "operand"` as Go's Sscanf does with the format `%q) %s %q`. */
function scanComparison(text: string): Scanned {
  const scanned: Scanned = { key: "", operator: "", operand: "", count: 0 };
  const start = withoutBlanks(text);
  const key = unquotePrefix(start);
  if (key === undefined) return scanned;
  scanned.key = key.value;
  scanned.count = 1;
  const rest = start.slice(key.end);
  const operator = /^\)[ \t\r\v\f]+(\S+)/.exec(rest);
  if (operator === null) return scanned;
  scanned.operator = operator[1] ?? "";
  scanned.count = 2;
  const operand = unquotePrefix(withoutBlanks(rest.slice(operator[0].length)));
  if (operand === undefined) return scanned;
  scanned.operand = operand.value;
  scanned.count = 3;
  return scanned;
}

function invalid(message: string): CtlError {
  return new CtlError(ExitCode.invalidInput, message);
}

function numberOf(operand: string, line: string): number {
  const parsed = parseInt64(operand, 10);
  if (parsed.error !== undefined) throw invalid(`invalid txn compare request: ${line}`);
  return toSafeNumber(parsed.value);
}

/** What the operand is compared with; undefined for a target that does not exist. */
function targetOf(target: string, operand: string, line: string): Partial<Compare> | undefined {
  switch (target) {
    case "ver":
    case "version":
      return { target: Compare_CompareTarget.VERSION, version: numberOf(operand, line) };
    case "c":
    case "create":
      return { target: Compare_CompareTarget.CREATE, createRevision: numberOf(operand, line) };
    case "m":
    case "mod":
      return { target: Compare_CompareTarget.MOD, modRevision: numberOf(operand, line) };
    case "val":
    case "value":
      return { target: Compare_CompareTarget.VALUE, value: toBytes(operand) };
    case "lease":
      // etcd's client panics here, because it is given a string.
      throw new CtlError(ExitCode.badConnection, "bad value");
    default:
      return undefined;
  }
}

/** One condition. Throws invalid input with etcdctl's text. */
export function parseCompare(line: string): Compare {
  const paren = line.indexOf("(");
  if (paren < 0) throw invalid(`malformed comparison: ${line}`);
  const target = line.slice(0, paren);
  const scanned = scanComparison(line.slice(paren + 1));
  if (scanned.count < 3) {
    const { key, operator, operand } = scanned;
    const got = `${target}(${quote(key)}) ${operator} ${quote(operand)}`;
    throw invalid(`malformed comparison: ${line}; got ${got}`);
  }
  const compared = targetOf(target, scanned.operand, line);
  if (compared === undefined) {
    throw invalid(`malformed comparison: ${line} (unknown target ${target})`);
  }
  const result = RESULTS[scanned.operator];
  if (result === undefined) throw new CtlError(ExitCode.badConnection, "Unknown result op");
  return Compare.create({ ...compared, result, key: toBytes(scanned.key) });
}
