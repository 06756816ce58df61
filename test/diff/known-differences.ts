/**
 * What Kvorum answers differently from etcd 3.7.1 on purpose. Everything else that differs is a bug.
 * Each has its row in docs/compatibility.md, under the same name.
 */
import type { Mismatch } from "./compare.ts";
import type { Step } from "./programme.ts";
import type { Tree } from "./wire-tree.ts";

type Message = { readonly [name: string]: Tree };

/** A mismatch with all that is known of it. Left is etcd, right is Kvorum. */
export interface Sighting extends Mismatch {
  readonly step: Step;
  /** The whole answers that the mismatch is a part of. */
  readonly answers: { readonly left: Tree; readonly right: Tree };
}

export interface KnownDifference {
  readonly name: string;
  readonly reason: string;
  readonly matches: (sighting: Sighting) => boolean;
}

const codes = ({ answers }: Sighting): readonly (Tree | undefined)[] =>
  [answers.left, answers.right].map((one) => (one as Message)["code"]);

const startsWith = (tree: Tree | undefined, text: string): boolean =>
  typeof tree === "string" && tree.startsWith(text);

const INTERNAL = 13;
const UNIMPLEMENTED = 12;
/** The code of a call whose server is gone. */
export const CONNECTION_LOST = "connection lost";

/** The codes with which both calls, or both streams, have ended. */
function endCodes(sighting: Sighting): readonly (Tree | undefined)[] {
  if (sighting.path === "text") return codes(sighting);
  const log = /^(\w+, end)\[0\]\.text$/.exec(sighting.path)?.[1] ?? "";
  const { left, right } = sighting.answers;
  return [left, right].map((one) => (listAt(one, log)?.[0] as Message | undefined)?.["code"]);
}

const calls = ({ step }: Sighting, service: RegExp): boolean =>
  step.do === "call" && service.test(step.path);

/** The list that a path into a list leads to, at its last index. */
function listAt(tree: Tree, path: string): readonly Tree[] | undefined {
  let at: Tree | undefined = tree;
  for (const part of path.match(/[^.[\]]+/g) ?? []) {
    at = (at as Message | undefined)?.[part];
  }
  return Array.isArray(at) ? at : undefined;
}

type KeyValues = readonly Message[];

const SORT_TARGETS = ["version", "create_revision", "mod_revision", "value"];

/** Whether both lists are in the same order of a field that the request sorts by. */
function isSameButForTies(left: KeyValues, right: KeyValues, request: string): boolean {
  if (left.length !== right.length) return false;
  return SORT_TARGETS.some((field, i) => {
    if (!request.includes(`"sort_target":${i + 1}`)) return false;
    const repeats = new Set(left.map((one) => one[field])).size < left.length;
    // A limit may have cut between equal ones.
    if (!repeats && !request.includes('"limit":')) return false;
    return left.every((one, j) => one[field] === right[j]?.[field]);
  });
}

function isTieOfSort(sighting: Sighting): boolean {
  const list = /^(.*\bkvs)\[\d+\]\.\w+$/.exec(sighting.path)?.[1];
  if (list === undefined) return false;
  const left = listAt(sighting.answers.left, list) as KeyValues | undefined;
  const right = listAt(sighting.answers.right, list) as KeyValues | undefined;
  return (
    left !== undefined &&
    right !== undefined &&
    isSameButForTies(left, right, JSON.stringify(sighting.step))
  );
}

/** A watch's whole log, with nothing in it but the answer to its cancellation. */
function isCancel(log: Tree | undefined): boolean {
  const [only, ...more] = (Array.isArray(log) ? log : []) as KeyValues;
  return more.length === 0 && only?.["canceled"] === true && !("events" in only);
}

function isIdRefusal(log: Tree | undefined): boolean {
  const [only, ...more] = (Array.isArray(log) ? log : []) as KeyValues;
  return more.length === 0 && startsWith(only?.["cancel_reason"], "kvorum: a watch ID");
}

const CATCH_UP_BYTES = 1024 * 1024;
const CATCH_UP_CHANGES = 500;
const UNREADABLE = [
  "grpc: error unmarshalling request: ",
  "grpc: failed to unmarshal the received message: ",
];

/** Bytes of all strings in a tree; the long ones tell their length. */
function bytesOf(tree: Tree): number {
  if (typeof tree === "string") return Number(/^<(\d+) bytes/.exec(tree)?.[1] ?? tree.length);
  if (typeof tree !== "object") return 0;
  return Object.values(tree).reduce((sum: number, one: Tree) => sum + bytesOf(one), 0);
}

/**
 * The same events, cut into other responses or fragments, because there are so many of them. Behind
 * large responses the other watchers of their stream fall back a little and are caught up.
 */
function isSplitCatchUp({ path, answers }: Sighting): boolean {
  const [, log, stream] = /^((\w+), watch \d+)\b/.exec(path) ?? [];
  if (log === undefined) return false;
  const streamBytes = Object.entries(answers.left as Message)
    .filter(([name]) => name.startsWith(`${stream}, `))
    .reduce((sum, [, entries]) => sum + bytesOf(entries), 0);
  const [left, right] = [answers.left, answers.right].map(
    (one) => (listAt(one, log) ?? []) as KeyValues,
  );
  if (left === undefined || right === undefined) return false;
  const events = (responses: KeyValues): readonly Tree[] =>
    responses.flatMap((response) => (response["events"] ?? []) as readonly Tree[]);
  return (
    (streamBytes >= CATCH_UP_BYTES || events(left).length >= CATCH_UP_CHANGES) &&
    JSON.stringify(events(left)) === JSON.stringify(events(right))
  );
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    name: "authentication",
    reason:
      "Users, roles and tokens are not there yet. Calls that need them are Unimplemented; authentication can be seen to be off.",
    matches: (sighting) =>
      calls(sighting, /^\/etcdserverpb\.Auth\//) && codes(sighting)[1] === UNIMPLEMENTED,
  },
  {
    name: "locks and elections on the server",
    reason:
      "The Lock and Election services are not there. Client libraries build both from transactions and leases, and need no service.",
    matches: (sighting) =>
      calls(sighting, /^\/v3(lock|election)pb\./) && codes(sighting)[1] === UNIMPLEMENTED,
  },
  {
    name: "keys that sort equal",
    reason:
      "A range sorted by version, revision or value leaves the order of equal ones open. Kvorum has them in key order; etcd's order is that of an unstable sort.",
    matches: isTieOfSort,
  },
  {
    name: "watches that compaction ended",
    reason:
      "A watch that was canceled because its next revision is compacted is over: its id is free and cancelling it is ignored. etcd keeps it until the client cancels it too, and answers no progress request of its stream until then.",
    matches: ({ step, left, right }) =>
      step.do === "send" && step.cleansUp === true && right === undefined && isCancel(left),
  },
  {
    name: "watch ids beyond 2^53",
    reason:
      "A watch id that the client chooses must be an integer that a double holds; others are refused. etcd takes all 64 bits.",
    matches: ({ step, path, left, right }) =>
      step.do === "send" &&
      (/, watch -?\d+n$/.test(path)
        ? right === undefined
        : left === undefined && isIdRefusal(right)),
  },
  {
    name: "size in use of a young store",
    reason:
      "Status tells as dbSizeInUse what live data takes in the engine's tables, which is 0 until the first table is written.",
    matches: (sighting) =>
      calls(sighting, /Maintenance\/Status$/) &&
      sighting.path === "messages[0].dbSizeInUse" &&
      sighting.right === undefined,
  },
  {
    name: "downgrades",
    reason:
      "There is no older Kvorum to go back to: a downgrade that etcd would take is Unimplemented. What is wrong with the others is told as etcd tells it, and cancelling always works.",
    matches: (sighting) =>
      calls(sighting, /Maintenance\/Downgrade$/) &&
      codes(sighting)[0] === 0 &&
      codes(sighting)[1] === UNIMPLEMENTED,
  },
  {
    name: "how history is cut into responses",
    reason:
      "History is sent to a late watcher in responses of about 1 MiB, and of about 500 changes where it is read from disk, whole revisions each. etcd cuts it every 1000 revisions whatever their size, so that one response may be larger than clients accept. A watcher on a stream that is full gets what follows as history. The events and their order are the same.",
    matches: isSplitCatchUp,
  },
  {
    name: "requests that end etcd",
    reason:
      "Some requests end the etcd process, again and again as it restarts from its log: a put with ignore_value or ignore_lease of a key that the same transaction deletes, an alarm request with an unknown action. Kvorum answers them: the put has nothing to keep, the alarm request is refused.",
    matches: (sighting) =>
      calls(sighting, /\/(Txn|Alarm)$/) && codes(sighting)[0] === CONNECTION_LOST,
  },
  {
    name: "text of unreadable messages",
    reason:
      "What is said about bytes that are no message is the protobuf library's own. The code is the same.",
    matches: (sighting) =>
      UNREADABLE.some((text) =>
        [sighting.left, sighting.right].every((one) => startsWith(one, text)),
      ) && endCodes(sighting).every((code) => code === INTERNAL),
  },
];

/** The name of the known difference that a mismatch is, if it is one. */
export function whyKnown(
  sighting: Sighting,
  table: readonly KnownDifference[] = KNOWN_DIFFERENCES,
): string | undefined {
  return table.find((one) => one.matches(sighting))?.name;
}
