/**
 * A member as JSON, the form of etcd's `members` bucket, its `/members` answer and the context of its
 * membership entries. Ids are unsigned 64-bit decimal numbers there, beyond what JSON.parse keeps
 * exact, hence the detour through a quoted id.
 */
import type { Member } from "./member.ts";

export function encodeMember(member: Member): string {
  const parts = [`"id":${member.id}`, `"peerURLs":${JSON.stringify(member.peerURLs)}`];
  if (member.isLearner) parts.push('"isLearner":true');
  if (member.name !== "") parts.push(`"name":${JSON.stringify(member.name)}`);
  if (member.clientURLs.length > 0) parts.push(`"clientURLs":${JSON.stringify(member.clientURLs)}`);
  return `{${parts.join(",")}}`;
}

function stringList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function memberOf(value: unknown): Member {
  if (typeof value !== "object" || value === null) throw new SyntaxError("member is not an object");
  const fields = value as Record<string, unknown>;
  if (typeof fields["id"] !== "string") throw new SyntaxError("member has no id");
  return {
    id: BigInt(fields["id"]),
    name: typeof fields["name"] === "string" ? fields["name"] : "",
    peerURLs: stringList(fields["peerURLs"]),
    clientURLs: stringList(fields["clientURLs"]),
    isLearner: fields["isLearner"] === true,
  };
}

/** Ids stand first in their object, in all that etcd and we write, so the pattern cannot meet a string. */
function quoteIds(text: string): string {
  return text.replaceAll(/\{\s*"id"\s*:\s*(\d+)/g, '{"id":"$1"');
}

/** Throws SyntaxError on anything that is not a member. */
export function decodeMember(text: string): Member {
  return memberOf(JSON.parse(quoteIds(text)));
}

/** Throws SyntaxError on anything that is not a list of members. */
export function decodeMembers(text: string): Member[] {
  const list: unknown = JSON.parse(quoteIds(text));
  if (!Array.isArray(list)) throw new SyntaxError("members are not a list");
  return list.map(memberOf);
}
