/**
 * HashKV against answers recorded from etcd 3.7.1 (`testdata/hashkv-etcd-*.json`): random puts,
 * deletes, transactions, compactions and restarts, with hashes asked for in between.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { EtcdError } from "@kvorum/proto";
import type { Clock } from "../env/env.ts";
import { etcdRecordLengths, etcdRecords, importEtcdRecord } from "./etcd-records.ts";
import { toKeyRange } from "./key-range.ts";
import { hastyClock, TestStore } from "./testing/test-store.ts";

type TxnOp = { delete: string } | { put: string; value: string };
type Step =
  | { op: "put"; key: string; value: string; lease: string }
  | { op: "delete"; key: string; end: string }
  | { op: "txn"; ops: TxnOp[] }
  | { op: "compact"; revision: number }
  | { op: "restart" }
  | { op: "hash"; revision: number; error: string }
  | {
      op: "hash";
      revision: number;
      error: undefined;
      hash: number;
      compactRevision: number;
      hashRevision: number;
      current: number;
    };

function bytes(base64: string): Buffer {
  return Buffer.from(base64, "base64");
}

function write(t: TestStore, step: Step): void {
  const txn = t.store.beginWrite();
  if (step.op === "put") {
    txn.put(bytes(step.key), bytes(step.value), BigInt(step.lease));
  } else if (step.op === "delete") {
    txn.deleteRange(toKeyRange(bytes(step.key), bytes(step.end)));
  } else if (step.op === "txn") {
    for (const op of step.ops) {
      if ("put" in op) {
        txn.put(bytes(op.put), bytes(op.value), 0n);
      } else {
        txn.deleteRange(toKeyRange(bytes(op.delete), bytes("")));
      }
    }
  }
  txn.end();
}

async function replay(t: TestStore, step: Step): Promise<void> {
  switch (step.op) {
    case "compact":
      await t.store.compact(step.revision);
      return;
    case "restart":
      await t.checkpoint();
      await t.restart();
      return;
    case "hash":
      await checkHash(t, step);
      return;
    default:
      write(t, step);
  }
}

async function checkHash(t: TestStore, step: Step & { op: "hash" }): Promise<void> {
  if (step.error !== undefined) {
    const isExpected = (error: unknown): boolean =>
      error instanceof EtcdError && error.message === step.error;
    await assert.rejects(t.store.hashByRevision(step.revision), isExpected);
    return;
  }
  assert.deepEqual(await t.store.hashByRevision(step.revision), {
    hash: step.hash,
    compactRevision: step.compactRevision,
    revision: step.hashRevision,
    currentRevision: step.current,
  });
}

function recording(name: string): Step[] {
  const path = join(import.meta.dirname, "testdata", name);
  return JSON.parse(readFileSync(path, "utf8")) as Step[];
}

for (const name of ["hashkv-etcd-1.json", "hashkv-etcd-2.json"]) {
  test(`HashKV answers as etcd does: ${name}`, async () => {
    const t = await TestStore.open({ cacheBytesMax: 1000 });
    for (const [at, step] of recording(name).entries()) {
      try {
        await replay(t, step);
      } catch (error) {
        throw new Error(`step ${at}: ${JSON.stringify(step)}`, { cause: error });
      }
    }
    assert.deepEqual(t.errors, []);
  });
}

test("below all revisions there is nothing to hash", async () => {
  const t = await TestStore.open();
  t.put("a", "1");
  assert.deepEqual(await t.store.hashByRevision(-2), {
    hash: 1084519789,
    compactRevision: -1,
    revision: -2,
    currentRevision: 2,
  });
});

test("the etcd form survives export and import, and lengths are known without values", async () => {
  const source = await TestStore.open();
  for (const step of recording("hashkv-etcd-1.json")) {
    if (step.op !== "hash" && step.op !== "restart") {
      await replay(source, step);
    }
  }
  const target = await TestStore.open();
  const view = await source.freeze();
  const lengths: number[] = [];
  for await (const batch of etcdRecordLengths(view)) {
    lengths.push(...batch);
  }
  const found: number[] = [];
  for await (const batch of etcdRecords(view)) {
    for (const { key, value } of batch) {
      found.push(key.length, value.length);
      importEtcdRecord(target.backend, key, value);
    }
  }
  await view.close();
  assert.deepEqual(lengths, found);
  await target.checkpoint();
  await target.restart();
  const { revision, hash } = await target.store.hashByRevision(0);
  assert.equal(revision, source.store.currentRevision);
  // A fresh store was never compacted: hash everything that is there.
  const again = await target.store.hashByRevision(revision);
  assert.equal(again.hash, hash);
  assert.deepEqual(target.range("\0", "\0").kvs, source.range("\0", "\0").kvs);
});

test("a hash gives way while it passes versions that do not count, too", async () => {
  const keys = 400;
  const clock = hastyClock();
  let turns = 0;
  const defer: Clock["defer"] = (callback) => {
    turns++;
    return clock.defer(callback);
  };
  const t = await TestStore.open({ clock: { ...clock, defer } });
  for (let i = 0; i < keys; i++) t.put(`k${i}`, "older");
  await t.store.compact(t.store.currentRevision);
  for (let i = 0; i < keys; i++) t.put(`k${i}`, "newer");
  turns = 0;
  await t.store.hashByRevision(0);
  assert.ok(turns >= 2 * keys, `${turns} turns`);
  await t.close();
});
