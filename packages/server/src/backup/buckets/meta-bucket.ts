/**
 * Bucket `meta`: how far the store has got.
 *
 *     consistent_index, term                      BE64: the last applied Raft entry
 *     confState                                   JSON of raftpb.ConfState
 *     storageVersion                              text, "3.7.0"
 *     scheduledCompactRev, finishedCompactRev     a revision key; different while compacting
 */
import { putUint64 } from "../../lib/bytes.ts";
import type { BucketEntry } from "../bolt/bucket-source.ts";
import { encodeCompactRevision } from "./key-bucket.ts";

export const META_KEY = {
  confState: "confState",
  consistentIndex: "consistent_index",
  finishedCompactRev: "finishedCompactRev",
  scheduledCompactRev: "scheduledCompactRev",
  storageVersion: "storageVersion",
  term: "term",
} as const;

/** The voters and learners at the applied index. */
export interface StoredConfState {
  readonly voters: readonly bigint[];
  readonly learners: readonly bigint[];
  readonly votersOutgoing: readonly bigint[];
  readonly learnersNext: readonly bigint[];
  readonly autoLeave: boolean;
}

export interface MetaRecords {
  readonly consistentIndex: number;
  readonly term: number;
  readonly confState: StoredConfState;
  /** "3.7.0"; undefined in a store that has not been migrated to storage versions yet. */
  readonly storageVersion: string | undefined;
  /** Undefined when no compaction was ever asked for. */
  readonly scheduledCompactRev: number | undefined;
  /** Undefined when none has finished. */
  readonly finishedCompactRev: number | undefined;
}

/** The bucket's entries, in order of key. */
export function encodeMeta(records: MetaRecords): BucketEntry[] {
  const entries: [key: string, value: Uint8Array | undefined][] = [
    [META_KEY.confState, Buffer.from(encodeConfState(records.confState))],
    [META_KEY.consistentIndex, bigEndian64(records.consistentIndex)],
    [META_KEY.finishedCompactRev, maybeRevision(records.finishedCompactRev)],
    [META_KEY.scheduledCompactRev, maybeRevision(records.scheduledCompactRev)],
    [META_KEY.storageVersion, maybeText(records.storageVersion)],
    [META_KEY.term, bigEndian64(records.term)],
  ];
  return entries.flatMap(([key, value]) =>
    value === undefined ? [] : [{ key: Buffer.from(key), value }],
  );
}

/** Ids are JSON numbers, which JSON.stringify cannot write above 2^53. */
function encodeConfState(state: StoredConfState): string {
  const members: string[] = [];
  const addIds = (name: string, ids: readonly bigint[]): void => {
    if (ids.length > 0) {
      members.push(`"${name}":[${ids.join(",")}]`);
    }
  };
  addIds("voters", state.voters);
  addIds("learners", state.learners);
  addIds("voters_outgoing", state.votersOutgoing);
  addIds("learners_next", state.learnersNext);
  members.push(`"auto_leave":${state.autoLeave}`);
  return `{${members.join(",")}}`;
}

function bigEndian64(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  putUint64(bytes, 0, value);
  return bytes;
}

function maybeRevision(revision: number | undefined): Uint8Array | undefined {
  return revision === undefined ? undefined : encodeCompactRevision(revision);
}

function maybeText(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : Buffer.from(text);
}
