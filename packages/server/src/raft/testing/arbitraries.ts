/** Random values of Raft's types, for property tests. */
import fc from "fast-check";
import type { AnyConfChange } from "../confchange/conf-change.ts";
import {
  CONF_CHANGE_TRANSITIONS,
  CONF_CHANGE_TYPES,
  type ConfState,
  createMessage,
  ENTRY_TYPES,
  type Entry,
  type HardState,
  isLocalMessage,
  MESSAGE_TYPES,
  type Message,
  type MessageType,
  type NodeId,
  type Snapshot,
  type SnapshotMetadata,
} from "../messages.ts";

const numbers: fc.Arbitrary<number> = fc.oneof(fc.nat({ max: 300 }), fc.maxSafeNat());

const ids: fc.Arbitrary<NodeId> = fc.oneof(
  fc.bigInt({ min: 0n, max: 5n }),
  fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_fff0n }),
);

const bytes: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 40 });

export const entries: fc.Arbitrary<Entry> = fc.record({
  term: numbers,
  index: numbers,
  type: fc.constantFrom(...ENTRY_TYPES),
  data: bytes,
});

export const hardStates: fc.Arbitrary<HardState> = fc.record({
  term: numbers,
  vote: ids,
  commit: numbers,
});

const idLists = fc.array(ids, { maxLength: 5 });

export const confStates: fc.Arbitrary<ConfState> = fc.record({
  voters: idLists,
  learners: idLists,
  votersOutgoing: idLists,
  learnersNext: idLists,
  autoLeave: fc.boolean(),
});

export const snapshotMetadata: fc.Arbitrary<SnapshotMetadata> = fc.record({
  index: numbers,
  term: numbers,
  confState: confStates,
});

const snapshots: fc.Arbitrary<Snapshot> = fc.record({ metadata: snapshotMetadata, data: bytes });

export const confChanges: fc.Arbitrary<AnyConfChange> = fc.oneof(
  fc.record({
    type: fc.constantFrom(...CONF_CHANGE_TYPES),
    nodeId: ids,
    context: bytes,
    id: ids,
  }),
  fc.record({
    transition: fc.constantFrom(...CONF_CHANGE_TRANSITIONS),
    changes: fc.array(fc.record({ type: fc.constantFrom(...CONF_CHANGE_TYPES), nodeId: ids }), {
      maxLength: 4,
    }),
    context: bytes,
  }),
);

/** Anything that a peer can say. */
export const peerMessages: fc.Arbitrary<Message> = messagesOf(
  MESSAGE_TYPES.filter((type) => !isLocalMessage(type)),
  numbers,
  ids,
);

/** A message of one of `types` whose fields are in the given ranges. */
export function messagesOf(
  types: readonly MessageType[],
  range: fc.Arbitrary<number>,
  members: fc.Arbitrary<NodeId>,
): fc.Arbitrary<Message> {
  return fc
    .record({
      type: fc.constantFrom(...types),
      to: members,
      from: members,
      term: range,
      logTerm: range,
      index: range,
      commit: range,
      entries: fc.array(entries, { maxLength: 3 }),
      snapshot: fc.option(snapshots, { nil: undefined, freq: 4 }),
      reject: fc.boolean(),
      rejectHint: range,
      context: bytes,
    })
    .map((fields) => {
      const rejectHint = fields.reject ? fields.rejectHint : 0;
      return Object.assign(createMessage(fields.type), fields, { rejectHint });
    });
}
