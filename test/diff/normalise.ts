/**
 * Takes out of answers what two servers cannot have in common: ids, ports, raft's terms and
 * indexes, sizes on disk, the seconds a lease has left. Each is replaced by a name, so that it must
 * still be there, at the same place, on both.
 */
import type { Tree } from "./wire-tree.ts";

/** Fields that each server counts for itself, whatever the message. */
const OWN_COUNTS = new Set([
  "raft_term",
  "raftTerm",
  "raftIndex",
  "raftAppliedIndex",
  "dbSize",
  "dbSizeInUse",
]);

/** How long a programme may take until a lease's time left tells it from a wrong one. */
const LEASE_SLACK_SECONDS = 120;

type Message = { readonly [name: string]: Tree };

/** Names for what belongs to one server. */
export class Names {
  readonly #numbers = new Map<string, string>();
  readonly #texts = new Map<string, string>();

  /** An integer, wherever it stands, and its decimal form in texts. */
  number(value: bigint, name: string): void {
    if (value === 0n) return;
    this.#numbers.set(String(value), name);
    const unsigned = String(BigInt.asUintN(64, value));
    if (unsigned.length > 12) this.#texts.set(unsigned, name);
  }

  text(value: string, name: string): void {
    this.#texts.set(value, name);
  }

  inText(text: string): string {
    let named = this.#numbers.get(text.replace(/n$/, "")) ?? text;
    for (const [value, name] of this.#texts) named = named.replaceAll(value, name);
    return named;
  }

  inNumber(value: number): Tree {
    return this.#numbers.get(String(value)) ?? value;
  }
}

function timeLeft(message: Message): Tree | undefined {
  const { TTL, grantedTTL } = message;
  if (typeof TTL !== "number" || typeof grantedTTL !== "number") return TTL;
  return TTL <= grantedTTL && TTL >= grantedTTL - LEASE_SLACK_SECONDS ? "<time left>" : TTL;
}

const sorted = (values: Tree): Tree =>
  Array.isArray(values)
    ? [...(values as readonly Tree[])].sort((a, b) =>
        JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
      )
    : values;

/** What etcd keeps in a map of Go's, and tells in the order of the day. */
export function unordered(tree: Tree, field: string): Tree {
  if (typeof tree !== "object" || Array.isArray(tree)) return tree;
  const message = tree as Message;
  const values = message[field];
  return values === undefined ? tree : { ...message, [field]: sorted(values) };
}

function normalisedMessage(message: Message, names: Names): Tree {
  const result: Record<string, Tree> = {};
  for (const [field, value] of Object.entries(message)) {
    if (OWN_COUNTS.has(field)) result[field] = `<${field}>`;
    else result[field] = normalised(value, names);
  }
  const left = timeLeft(message);
  if (left !== undefined) result["TTL"] = left;
  return result;
}

export function normalised(tree: Tree, names: Names): Tree {
  if (typeof tree === "number") return names.inNumber(tree);
  if (typeof tree === "string") return names.inText(tree);
  if (typeof tree === "boolean") return tree;
  if (Array.isArray(tree)) return (tree as readonly Tree[]).map((one) => normalised(one, names));
  return normalisedMessage(tree as Message, names);
}
