/**
 * The context of a membership entry in the Raft log: who asked (to answer the waiting caller), the
 * member concerned, and whether a learner is being promoted.
 */
import { decodeMember, encodeMember } from "./member-codec.ts";
import type { Member } from "./member.ts";

export interface MemberChange {
  /** Id of the request that waits for this change; 0n for the entries of a new cluster. */
  readonly requestId: bigint;
  readonly isPromote: boolean;
  readonly member: Member;
}

export function encodeMemberChange(change: MemberChange): Uint8Array {
  const promote = change.isPromote ? "1" : "0";
  return Buffer.from(`${change.requestId},${promote},${encodeMember(change.member)}`);
}

/** Throws SyntaxError on bytes that no member of this version wrote. */
export function decodeMemberChange(bytes: Uint8Array): MemberChange {
  const text = Buffer.from(bytes).toString();
  const match = /^(\d+),([01]),(\{.*\})$/s.exec(text);
  if (match === null) throw new SyntaxError(`malformed membership change: ${text.slice(0, 80)}`);
  return {
    requestId: BigInt(match[1] ?? 0),
    isPromote: match[2] === "1",
    member: decodeMember(match[3] ?? ""),
  };
}
