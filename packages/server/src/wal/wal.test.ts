import assert from "node:assert/strict";
import { test } from "node:test";
import { FaultFileSystem, faultAt } from "../env/testing/fault-file-system.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import { Prng } from "../lib/prng.ts";
import type { Entry } from "../raft/messages.ts";
import { dumpWal } from "./dump-wal.ts";
import { WalError } from "./errors.ts";
import { createWal, hasWal, openWal } from "./open-wal.ts";
import type { WalEnv } from "./open-wal.ts";
import type { Wal } from "./wal.ts";
import { entries, entry, metadata, sizes, summary, sync, testEnv } from "./testing/wal-fixture.ts";

async function reopen(env: WalEnv, wal: Wal): Promise<Awaited<ReturnType<typeof openWal>>> {
  await wal.close();
  return openWal(env, "wal", sizes);
}

test("a new log opens empty, with its metadata", async () => {
  const env = testEnv();
  assert.equal(await hasWal(env.fs, "wal"), false);
  const opened = await reopen(env, await createWal(env, "wal", metadata, sizes));
  assert.equal(await hasWal(env.fs, "wal"), true);
  assert.deepEqual(opened.metadata, metadata);
  assert.deepEqual(opened.hardState, { term: 0, vote: 0n, commit: 0 });
  assert.deepEqual(opened.previous, { index: 0, term: 0 });
  assert.deepEqual(opened.entries, []);
  assert.equal((await env.fs.stat("wal")).mode, 0o700);
  await opened.wal.close();
});

test("what was appended is read back, over several opens and segments", async () => {
  const env = testEnv();
  let wal = await createWal(env, "wal", metadata, sizes);
  const expected: Entry[] = [];
  for (let round = 0; round < 12; round++) {
    const more = entries(expected.length + 1, 10, round + 1, round * 17);
    expected.push(...more);
    const hardState = { term: round + 1, vote: BigInt(round), commit: expected.length };
    await wal.append({ entries: more, hardState }, sync);
    const opened = await reopen(env, wal);
    assert.deepEqual(summary(opened.entries), summary(expected));
    assert.deepEqual(opened.hardState, hardState);
    wal = opened.wal;
  }
  const names = await env.fs.readdir("wal");
  assert.ok(names.length > 3, `only ${names.join(" ")}`);
  assert.match(names[1]!, /^0000000000000001-[0-9a-f]{16}\.wal$/);
  await wal.close();
});

test("types and binary data of entries survive", async () => {
  const env = testEnv();
  const wal = await createWal(env, "wal", metadata, sizes);
  const data = new Uint8Array(600).map((_, at) => at);
  await wal.append({ entries: [{ term: 1, index: 1, type: "EntryConfChangeV2", data }] }, sync);
  await wal.append({ entries: [{ ...entry(2, 1), data: new Uint8Array(0) }] }, sync);
  const opened = await reopen(env, wal);
  assert.equal(opened.entries[0]!.type, "EntryConfChangeV2");
  assert.deepEqual(new Uint8Array(opened.entries[0]!.data), data);
  assert.equal(opened.entries[1]!.data.length, 0);
  await opened.wal.close();
});

test("an entry voids what it overwrites, also in an earlier segment", async () => {
  const env = testEnv();
  const wal = await createWal(env, "wal", metadata, sizes);
  await wal.append({ entries: entries(1, 60, 1, 40) }, sync);
  await wal.append({ entries: [entry(61, 1)] }, sync);
  assert.ok((await env.fs.readdir("wal")).length > 1);
  await wal.append({ entries: entries(50, 3, 2) }, sync);
  const opened = await reopen(env, wal);
  assert.equal(opened.entries.length, 52);
  assert.deepEqual(opened.wal.last, { index: 52, term: 2 });
  await opened.wal.close();
});

test("release drops whole segments below the index and keeps the rest readable", async () => {
  const env = testEnv();
  const wal = await createWal(env, "wal", metadata, sizes);
  for (let at = 0; at < 40; at++) {
    await wal.append({ entries: entries(at * 10 + 1, 10, 1, 40) }, sync);
  }
  const before = await env.fs.readdir("wal");
  await wal.append({ checkpoint: { index: 300, term: 1 } }, sync);
  await wal.release(300);
  const after = await env.fs.readdir("wal");
  assert.ok(after.length < before.length);
  const opened = await reopen(env, wal);
  assert.ok(opened.previous.index > 0 && opened.previous.index <= 300);
  assert.equal(opened.entries[0]!.index, opened.previous.index + 1);
  assert.equal(opened.entries.at(-1)!.index, 400);
  assert.deepEqual(opened.checkpoint, { index: 300, term: 1 });
  await opened.wal.close();
});

test("overwriting entries of a released segment moves the start of the log", async () => {
  const env = testEnv();
  const wal = await createWal(env, "wal", metadata, sizes);
  await wal.append({ entries: entries(1, 50, 1, 30) }, sync);
  await wal.append({ entries: entries(51, 50, 1, 30) }, sync);
  await wal.append({ entries: entries(90, 20, 2, 30) }, sync);
  await wal.append({ entries: entries(110, 60, 2, 30) }, sync);
  await wal.release(100);
  const opened = await reopen(env, wal);
  assert.equal(opened.entries.at(-1)!.index, 169);
  assert.equal(opened.entries[0]!.index, opened.previous.index + 1);
  assert.ok(opened.entries.every((each) => each.index < 90 || each.term === 2));
  await opened.wal.close();
});

test("a snapshot restarts the log", async () => {
  const env = testEnv();
  const wal = await createWal(env, "wal", metadata, sizes);
  await wal.append({ entries: entries(1, 10, 1) }, sync);
  const hardState = { term: 7, vote: 0n, commit: 1000 };
  await wal.append({ snapshot: { index: 1000, term: 6 }, hardState }, sync);
  await wal.append({ entries: entries(1001, 2, 7) }, sync);
  const opened = await reopen(env, wal);
  assert.deepEqual(opened.previous, { index: 1000, term: 6 });
  assert.deepEqual(opened.checkpoint, { index: 1000, term: 6 });
  assert.deepEqual(
    opened.entries.map((each) => each.index),
    [1001, 1002],
  );
  await opened.wal.close();
});

test("calls made while a group is written share the next one and resolve in order", async () => {
  const env = testEnv();
  const groups: number[] = [];
  const wal = await createWal(env, "wal", metadata, {
    observe: (group) => {
      groups.push(group.bytes);
    },
  });
  const order: number[] = [];
  const append = (index: number): Promise<void> =>
    wal.append({ entries: [entry(index, 1)] }, sync).then(() => {
      order.push(index);
    });
  const first = append(1);
  await Promise.resolve();
  await Promise.resolve();
  const rest = Array.from({ length: 99 }, (_, at) => append(at + 2));
  await Promise.all([first, ...rest]);
  assert.deepEqual(
    order,
    Array.from({ length: 100 }, (_, at) => at + 1),
  );
  assert.equal(groups.length, 2);
  await wal.close();
});

test("a state appended without sync costs no write and goes out with the next group", async () => {
  const env = testEnv();
  let writes = 0;
  const fs = new FaultFileSystem(env.fs, (operation) => {
    writes += operation.kind === "write" ? 1 : 0;
    return undefined;
  });
  const wal = await createWal({ ...env, fs }, "wal", metadata, sizes);
  await wal.append({ entries: [entry(1, 1)] }, sync);
  const before = writes;
  await wal.append({ hardState: { term: 1, vote: 0n, commit: 1 } }, { sync: false });
  await wal.append({ checkpoint: { index: 1, term: 1 } }, { sync: false });
  assert.equal(writes, before);
  const opened = await reopen({ ...env, fs }, wal);
  assert.equal(opened.hardState.commit, 1);
  assert.deepEqual(opened.checkpoint, { index: 1, term: 1 });
  await opened.wal.close();
});

test("a marker that waited does not undo a snapshot that overtook it", async () => {
  const env = testEnv();
  const wal = await createWal(env, "wal", metadata, sizes);
  await wal.append({ entries: entries(1, 5, 1) }, sync);
  await wal.append({ checkpoint: { index: 3, term: 1 } }, { sync: false });
  await wal.append({ snapshot: { index: 100, term: 2 } }, sync);
  const opened = await reopen(env, wal);
  assert.deepEqual(opened.checkpoint, { index: 100, term: 2 });
  await opened.wal.close();
});

test("a group larger than a segment is written whole", async () => {
  const env = testEnv();
  const wal = await createWal(env, "wal", metadata, sizes);
  await wal.append({ entries: [entry(1, 1)] }, sync);
  await wal.append({ entries: [entry(2, 1, "y".repeat(100_000))] }, sync);
  await wal.append({ entries: [entry(3, 1)] }, sync);
  const opened = await reopen(env, wal);
  assert.equal(opened.entries[1]!.data.length, 100_000);
  assert.equal(opened.entries.length, 3);
  await opened.wal.close();
});

test("the first failed write poisons the log for ever", async () => {
  for (const code of ["EIO", "ENOSPC"]) {
    const env = testEnv();
    const fs = new FaultFileSystem(env.fs);
    const wal = await createWal({ ...env, fs }, "wal", metadata, sizes);
    await wal.append({ entries: [entry(1, 1)] }, sync);
    fs.decide = faultAt(0, { kind: "error", code }, ({ kind }) => kind === "write");
    const failed = { name: "WalError", code: "wal/failed" };
    const first = wal.append({ entries: [entry(2, 1)] }, sync);
    const second = wal.append({ entries: [entry(3, 1)] }, sync);
    await assert.rejects(first, failed);
    await assert.rejects(second, failed);
    await assert.rejects(wal.append({ entries: [entry(4, 1)] }, sync), failed);
    await assert.rejects(wal.append({}, { sync: false }), failed);
    await assert.rejects(wal.release(1), failed);
    assert.ok(wal.failure instanceof WalError);
    await wal.close();
    const opened = await openWal(env, "wal", sizes);
    assert.equal(opened.entries.length, 1);
    await opened.wal.close();
  }
});

test("short writes are continued", async () => {
  const env = testEnv();
  const fs = new FaultFileSystem(env.fs);
  const wal = await createWal({ ...env, fs }, "wal", metadata, sizes);
  fs.decide = faultAt(0, { kind: "short", bytes: 100 }, ({ kind }) => kind === "write");
  await wal.append({ entries: entries(1, 30, 1) }, sync);
  const opened = await reopen({ ...env, fs }, wal);
  assert.equal(opened.entries.length, 30);
  await opened.wal.close();
});

test("too much waiting is refused, and the log lives on", async () => {
  const env = testEnv();
  const wal = await createWal(env, "wal", metadata, { ...sizes, queueBytesMax: 1000 });
  const accepted = wal.append({ entries: [entry(1, 1, "z".repeat(2000))] }, sync);
  const overloaded = { name: "WalError", code: "wal/overloaded" };
  await assert.rejects(wal.append({ entries: [entry(2, 1)] }, sync), overloaded);
  await accepted;
  await wal.append({ entries: [entry(2, 1)] }, sync);
  await wal.close();
  await assert.rejects(wal.append({}, sync), { name: "WalError", code: "wal/closed" });
});

test("creating over a log, and opening none, are refused", async () => {
  const env = testEnv();
  await env.fs.mkdir("wal", 0o700);
  await assert.rejects(openWal(env, "wal"), { code: "wal/not-found" });
  const wal = await createWal(env, "wal", metadata, sizes);
  await assert.rejects(createWal(env, "wal", metadata), { code: "wal/exists" });
  await wal.close();
});

test("a directory that others may read is refused", async () => {
  const env = testEnv();
  await env.fs.mkdir("wal", 0o755);
  await assert.rejects(createWal(env, "wal", metadata), { name: "DirectoryAccessError" });
});

test("a log can start behind a restored snapshot", async () => {
  const env = testEnv();
  const start = { position: { index: 77, term: 3 }, hardState: { term: 3, vote: 0n, commit: 77 } };
  const wal = await createWal(env, "wal", metadata, { ...sizes, start });
  await wal.append({ entries: entries(78, 1, 3) }, sync);
  const opened = await reopen(env, wal);
  assert.deepEqual(opened.previous, start.position);
  assert.deepEqual(opened.hardState, start.hardState);
  await opened.wal.close();
});

test("a missing segment and a foreign one are corruption", async () => {
  const env = testEnv();
  const wal = await createWal(env, "wal", metadata, sizes);
  for (let at = 0; at < 30; at++) {
    await wal.append({ entries: entries(at * 10 + 1, 10, 1, 40) }, sync);
  }
  await wal.close();
  const names = await env.fs.readdir("wal");
  await env.fs.rename(`wal/${names[1]!}`, "moved");
  await assert.rejects(openWal(env, "wal"), CorruptionError);
  await env.fs.rename("moved", `wal/${names[1]!}`);
  await (await openWal(env, "wal")).wal.close();
  const other = await createWal(env, "other", { clusterId: 1n, nodeId: 2n }, sizes);
  await other.close();
  const [first] = await env.fs.readdir("other");
  await env.fs.rename(`other/${first!}`, `wal/${names[0]!}`);
  await assert.rejects(openWal(env, "wal"), CorruptionError);
});

test("a dump shows every record with its place", async () => {
  const env = testEnv();
  const wal = await createWal(env, "wal", metadata, sizes);
  const hardState = { term: 1, vote: 5n, commit: 1 };
  await wal.append({ entries: entries(1, 2, 1), hardState }, sync);
  await wal.close();
  const items: string[] = [];
  for await (const item of dumpWal(env.fs, "wal")) {
    items.push(item.kind === "record" ? `${item.record.kind}@${item.offset}` : item.kind);
  }
  assert.deepEqual(items, ["segment", "entry@512", "entry@576", "hardState@640"]);
});

test("random scripts with random reopens agree with a plain model", async () => {
  for (let seed = 0; seed < 10; seed++) {
    const prng = new Prng(seed);
    const env = testEnv();
    let wal = await createWal(env, "wal", metadata, sizes);
    let model: Entry[] = [];
    let term = 1;
    for (let step = 0; step < 60; step++) {
      const first = Math.max(1, model.length + 1 - (prng.chance(0.2) ? prng.nextInt(8) : 0));
      term += prng.chance(0.1) || first <= model.length ? 1 : 0;
      const more = entries(first, 1 + prng.nextInt(8), term, prng.nextInt(300));
      model = [...model.slice(0, first - 1), ...more];
      await wal.append({ entries: more }, sync);
      if (prng.chance(0.1)) {
        const opened = await reopen(env, wal);
        assert.deepEqual(summary(opened.entries), summary(model), `seed ${seed}`);
        wal = opened.wal;
      }
    }
    await wal.close();
  }
});
