/** The conditions of a transaction. */
import { Compare, Compare_CompareResult, Compare_CompareTarget } from "../../gen/rpc.ts";
import { type Bytes, toBytes } from "./bytes.ts";
import { type KeyTarget, toKeyRange } from "./key-range.ts";

export type CompareOperator = "=" | "==" | "===" | "!=" | "!==" | ">" | "<";

/** What of a key is compared, and with what. */
export interface CompareFields {
  readonly version: number;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly value: Bytes;
  readonly lease: bigint;
}

const RESULTS: Readonly<Record<CompareOperator, Compare_CompareResult>> = {
  "=": Compare_CompareResult.EQUAL,
  "==": Compare_CompareResult.EQUAL,
  "===": Compare_CompareResult.EQUAL,
  "!=": Compare_CompareResult.NOT_EQUAL,
  "!==": Compare_CompareResult.NOT_EQUAL,
  ">": Compare_CompareResult.GREATER,
  "<": Compare_CompareResult.LESS,
};

const TARGETS: Readonly<Record<keyof CompareFields, Compare_CompareTarget>> = {
  version: Compare_CompareTarget.VERSION,
  createRevision: Compare_CompareTarget.CREATE,
  modRevision: Compare_CompareTarget.MOD,
  value: Compare_CompareTarget.VALUE,
  lease: Compare_CompareTarget.LEASE,
};

/**
 * Holds when the field of the key, or of every key in the range, is so. A key that does not exist
 * has version, revisions and lease 0, and no value that any comparison of values would hold for.
 */
export function compare<Field extends keyof CompareFields>(
  target: KeyTarget,
  field: Field,
  operator: CompareOperator,
  operand: CompareFields[Field],
): Compare {
  const isText = typeof operand === "string";
  return Compare.create({
    ...toKeyRange(target),
    target: TARGETS[field],
    result: RESULTS[operator],
    [field]: isText ? toBytes(operand) : operand,
  });
}

/** Holds when the key exists, or for a range: when there is a key in it. */
export function keyExists(target: KeyTarget): Compare {
  return compare(target, "createRevision", "!=", 0);
}

/** Holds when the key does not exist, or for a range: when no key is in it. */
export function keyMissing(target: KeyTarget): Compare {
  return compare(target, "createRevision", "=", 0);
}
