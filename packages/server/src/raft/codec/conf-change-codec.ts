import {
  CONF_CHANGE_TRANSITIONS,
  CONF_CHANGE_TYPES,
  type ConfChange,
  type ConfChangeSingle,
  type ConfChangeV2,
  EMPTY_BYTES,
} from "../messages.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/** Encoding of one change within a ConfChangeV2: type and id. */
const CHANGE_BYTES = 9;

/** `type u8 · nodeId u64 · id u64 · context` */
export function writeConfChange(writer: ByteWriter, change: ConfChange): void {
  writer.u8(CONF_CHANGE_TYPES.indexOf(change.type));
  writer.u64(change.nodeId);
  writer.u64(change.id);
  writer.lengthPrefixed(change.context);
}

export function readConfChange(reader: ByteReader): ConfChange {
  const type = reader.choice(CONF_CHANGE_TYPES);
  const nodeId = reader.u64();
  const id = reader.u64();
  return { type, nodeId, context: reader.lengthPrefixed(), id };
}

/** `transition u8 · count varint · (type u8 · nodeId u64)… · context`; nothing for the empty one */
export function writeConfChangeV2(writer: ByteWriter, change: ConfChangeV2): void {
  if (isZero(change)) {
    return;
  }
  writer.u8(CONF_CHANGE_TRANSITIONS.indexOf(change.transition));
  writer.varint(change.changes.length);
  for (const { type, nodeId } of change.changes) {
    writer.u8(CONF_CHANGE_TYPES.indexOf(type));
    writer.u64(nodeId);
  }
  writer.lengthPrefixed(change.context);
}

/** No bytes at all are the change that leaves a joint configuration. */
export function readConfChangeV2(reader: ByteReader): ConfChangeV2 {
  if (reader.remaining === 0) {
    return { transition: "ConfChangeTransitionAuto", changes: [], context: EMPTY_BYTES };
  }
  const transition = reader.choice(CONF_CHANGE_TRANSITIONS);
  const changes: ConfChangeSingle[] = [];
  for (let left = reader.count(CHANGE_BYTES); left > 0; left--) {
    const type = reader.choice(CONF_CHANGE_TYPES);
    changes.push({ type, nodeId: reader.u64() });
  }
  return { transition, changes, context: reader.lengthPrefixed() };
}

/** Encoded as nothing, so that no limit on sizes can refuse to leave a joint configuration. */
function isZero(change: ConfChangeV2): boolean {
  return (
    change.transition === "ConfChangeTransitionAuto" &&
    change.changes.length === 0 &&
    change.context.length === 0
  );
}
