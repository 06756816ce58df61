/**
 * Arguments of a programme's requests. They are plain JSON, so that a programme can be printed,
 * shrunk and replayed, and they are named as in the schema. What only a run can know (the present
 * revision, the id of a member) is written as a reference, and so is what is too long to print.
 */

/** A place for a number or text that each run, and sometimes each server, fills in itself. */
export type Reference =
  /** The store's newest revision that any answer has shown, plus so much. */
  | { readonly $rev: number }
  /** The revision of the last compaction that succeeded (0: none), plus so much. */
  | { readonly $compacted: number }
  /** The id of the n-th lease whose id the server chose. */
  | { readonly $lease: number }
  /** The id of the member asked. */
  | { readonly $member: true }
  /** The id of the n-th member added. */
  | { readonly $added: number }
  /** An integer beyond what a double can hold, in decimal. */
  | { readonly $big: string }
  /** `text`, so many times. */
  | { readonly $repeat: string; readonly count: number };

/** Bytes are strings with a character for each byte. An object stands for a message. */
export type Value = number | string | boolean | Reference | readonly Value[] | Fields;

/** By the field names of the schema; `$raw` appends hexadecimal bytes as they are. */
export interface Fields {
  readonly [name: string]: Value;
}

/** What references stand for, on one server at one time. */
export interface Bindings {
  readonly revision: number;
  readonly compacted: number;
  readonly memberId: bigint;
  readonly leases: readonly bigint[];
  readonly added: readonly bigint[];
}

export function isReference(value: Value): value is Reference {
  return (
    typeof value === "object" &&
    !Array.isArray(value) &&
    /^\$(?!raw)/.test(Object.keys(value)[0] ?? "")
  );
}

/** The number or text a reference stands for. What was never made has the id 404. */
export function resolve(reference: Reference, at: Bindings): bigint | string {
  if ("$rev" in reference) return BigInt(at.revision + reference.$rev);
  if ("$compacted" in reference) return BigInt(at.compacted + reference.$compacted);
  if ("$lease" in reference) return at.leases[reference.$lease] ?? 404n;
  if ("$member" in reference) return at.memberId;
  if ("$added" in reference) return at.added[reference.$added] ?? 404n;
  if ("$big" in reference) return BigInt(reference.$big);
  return reference.$repeat.repeat(reference.count);
}
