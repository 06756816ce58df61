import type { ConfChangeSingle, ConfChangeType } from "../messages.ts";

const TYPES: ReadonlyMap<string, ConfChangeType> = new Map([
  ["v", "ConfChangeAddNode"],
  ["l", "ConfChangeAddLearnerNode"],
  ["r", "ConfChangeRemoveNode"],
  ["u", "ConfChangeUpdateNode"],
]);

/** `v1 l2 r3 u4`: make 1 a voter and 2 a learner, remove 3, update 4. */
export function parseConfChanges(text: string): ConfChangeSingle[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  return words.map((word) => {
    const type = TYPES.get(word.charAt(0));
    if (type === undefined) {
      throw new Error(`unknown membership change ${word}`);
    }
    return { type, nodeId: BigInt(word.slice(1)) };
  });
}
