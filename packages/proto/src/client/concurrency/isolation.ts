/**
 * What transactions in memory see and what they conflict with, as in clientv3/concurrency:
 *
 * | level | reads | conflicts |
 * | --- | --- | --- |
 * | serializableSnapshot | of one revision | with writes to what was read or is written since |
 * | serializable | of one revision | with writes to what was read since |
 * | repeatableReads | each key once | with writes to what was read since |
 * | readCommitted | each key once, maybe not the newest | never |
 */
export type Isolation =
  | "serializableSnapshot"
  | "serializable"
  | "repeatableReads"
  | "readCommitted";

export function isPinned(isolation: Isolation): boolean {
  return isolation === "serializable" || isolation === "serializableSnapshot";
}
