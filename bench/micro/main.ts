/**
 * Micro-benchmarks of hot functions: `pnpm bench:micro [part of a name]`. Nanoseconds and bytes of
 * garbage per operation, the best of several rounds. For comparing two versions of a function on one
 * machine; what a change is worth to a server, `pnpm bench` says.
 */
import { InternalRaftRequest, KeyValue, PutRequest, PutResponse } from "@kvorum/proto";
import { BPlusTree } from "../../packages/server/src/lib/b-plus-tree.ts";
import { bytesToKey } from "../../packages/server/src/lib/bytes.ts";
import { crc32c } from "../../packages/server/src/lib/crc32c.ts";
import { TreeIndex } from "../../packages/server/src/mvcc/index/tree-index.ts";
import { encodeRevision } from "../../packages/server/src/mvcc/revision.ts";
import { blockSlabs } from "../../packages/server/src/storage/appended-blocks.ts";
import { PendingChanges } from "../../packages/server/src/storage/pending-changes.ts";
import { Group } from "../../packages/server/src/wal/group.ts";

const ROUNDS = 5;
const ROUND_MS = 150;

const key = Buffer.from("registry/pods/default/web-7f9c");
const value = Buffer.alloc(256, 7);
const put = PutRequest.create({ key, value });
const internal = InternalRaftRequest.create({ put });
const internalBytes = InternalRaftRequest.encode(internal);
const record = KeyValue.create({ key, value, createRevision: 7, modRevision: 123_456, version: 3 });
const recordBytes = KeyValue.encode(record);
const response = PutResponse.create({});
const head = {
  last: { index: 1, term: 1 },
  hardState: { term: 1, vote: 1n, commit: 1 },
  checkpoint: { index: 1, term: 1 },
  chain: 0,
};

/** Keys in no order, a hundred thousand of them, ready made. */
const keys = Array.from({ length: 100_000 }, (_none, at) => `k/${(at * 2_654_435_761) % 2 ** 32}`);

const index = new TreeIndex();
for (const each of keys) index.getOrCreate(each);
const group = new Group(head);
const slabs = blockSlabs();
let pending = new PendingChanges(slabs);
const ignoreBlock = (): void => undefined;
let tree = new BPlusTree<number>();
let at = 0;

const BENCHMARKS: Readonly<Record<string, () => unknown>> = {
  "proto: encode InternalRaftRequest of a put": () => InternalRaftRequest.encode(internal),
  "proto: decode InternalRaftRequest of a put": () => InternalRaftRequest.decode(internalBytes),
  "proto: create InternalRaftRequest": () => InternalRaftRequest.create({ put }),
  "proto: encode KeyValue": () => KeyValue.encode(record),
  "proto: decode KeyValue": () => KeyValue.decode(recordBytes),
  "proto: encode PutResponse": () => PutResponse.encode(response),
  "lib: crc32c of 256 bytes": () => crc32c(value),
  "lib: bytesToKey": () => bytesToKey(key),
  "lib: B+ tree, insert in no order": () => {
    if (at >= keys.length) {
      at = 0;
      tree = new BPlusTree();
    }
    tree.set(keys[at]!, at++);
  },
  "mvcc: index look-up": () => index.get(keys[(at = (at + 1) % keys.length)]!),
  "mvcc: encodeRevision": () => encodeRevision(123_456, 0),
  "storage: note a change": () => {
    pending.append(encodeRevision(++at, 0), recordBytes, ignoreBlock);
    if (at % 10_000 === 0) {
      pending.release();
      pending = new PendingChanges(slabs);
    }
  },
  "wal: encode an entry": () => {
    if (group.length > 1_000_000) group.reset(head);
    group.addEntry({ index: ++at, term: 1, type: "EntryNormal", data: internalBytes });
  },
};

let sink: unknown;

function runs(action: () => unknown, count: number): number {
  const begin = performance.now();
  for (let i = 0; i < count; i++) sink = action();
  return performance.now() - begin;
}

function measure(action: () => unknown): { nanoseconds: number; bytes: number } {
  let count = 1000;
  for (let took = runs(action, count); took < ROUND_MS; took = runs(action, count)) {
    count = Math.ceil(count * Math.min(10, (ROUND_MS * 1.2) / Math.max(took, 0.01)));
  }
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) best = Math.min(best, runs(action, count));
  return { nanoseconds: (best * 1e6) / count, bytes: garbageOf(action) };
}

/** Bytes allocated per call, as far as no collection comes between. */
function garbageOf(action: () => unknown): number {
  const count = 2000;
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < count; i++) sink = action();
  return Math.max(0, (process.memoryUsage().heapUsed - before) / count);
}

const wanted = process.argv[2] ?? "";
for (const [name, action] of Object.entries(BENCHMARKS)) {
  if (!name.includes(wanted)) continue;
  at = 0;
  const { nanoseconds, bytes } = measure(action);
  console.log(
    `${nanoseconds.toFixed(0).padStart(7)} ns ${bytes.toFixed(0).padStart(6)} B  ${name}`,
  );
}
if (sink === key) console.log(); // Keeps the results from being optimised away.
