/** A short script is cut off at every operation on the disk, in every way a crash can do it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FaultFileSystem, mutatingKinds } from "../env/testing/fault-file-system.ts";
import type { Fault, Operation } from "../env/testing/fault-file-system.ts";
import type { CrashOutcome } from "../env/memory-inode.ts";
import { Prng } from "../lib/prng.ts";
import type { Entry } from "../raft/messages.ts";
import { createWal, hasWal, openWal } from "./open-wal.ts";
import { entries, metadata, sizes, summary, sync, testEnv } from "./testing/wal-fixture.ts";
import type { TestEnv } from "./testing/wal-fixture.ts";

interface Step {
  readonly entries: readonly Entry[];
  readonly release?: number;
}

/** Groups of many sizes, an overwrite, cuts, a release. */
const script: readonly Step[] = [
  { entries: entries(1, 1, 1) },
  { entries: entries(2, 20, 1, 100) },
  { entries: entries(22, 3, 1, 600) },
  { entries: entries(20, 2, 2, 10) },
  { entries: entries(22, 10, 2, 300) },
  { entries: entries(32, 10, 2, 300), release: 25 },
  { entries: entries(42, 1, 3, 5000) },
  { entries: entries(43, 2, 3) },
];

/** What was acknowledged, and what was on its way when the world ended. */
interface Progress {
  acked: Entry[];
  inFlight: readonly Entry[];
}

function overwritten(log: readonly Entry[], more: readonly Entry[]): Entry[] {
  return more.length === 0 ? [...log] : [...log.slice(0, more[0]!.index - 1), ...more];
}

async function runScript(env: TestEnv, fs: FaultFileSystem, progress: Progress): Promise<void> {
  const wal = await createWal({ ...env, fs }, "wal", metadata, sizes);
  for (const step of script) {
    progress.inFlight = step.entries;
    const commit = step.entries[0]!.index - 1;
    const hardState = { term: step.entries[0]!.term, vote: 1n, commit };
    await wal.append({ entries: step.entries, hardState }, sync);
    progress.acked = overwritten(progress.acked, step.entries);
    progress.inFlight = [];
    if (step.release !== undefined) {
      await wal.release(step.release);
    }
  }
  await wal.close();
}

const isMutation = (operation: Operation): boolean => mutatingKinds.has(operation.kind);

/** Counts the mutating operations of an undisturbed run. */
async function countOperations(): Promise<number> {
  const env = testEnv();
  let count = 0;
  const fs = new FaultFileSystem(env.fs, (operation) => {
    count += isMutation(operation) ? 1 : 0;
    return undefined;
  });
  await runScript(env, fs, { acked: [], inFlight: [] });
  return count;
}

/** Runs `body` until the `n`-th mutating operation crashes the machine, or to its end. */
async function crashAt(
  env: TestEnv,
  n: number,
  how: "before" | CrashOutcome,
  prng: Prng,
  body: (fs: FaultFileSystem) => Promise<void>,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let seen = 0;
    const crash = (outcome: CrashOutcome): void => {
      env.memory.crash(outcome, prng);
      resolve();
    };
    const fs = new FaultFileSystem(env.fs, (operation): Fault | undefined => {
      if (!isMutation(operation) || seen++ !== n) {
        return undefined;
      }
      if (how === "before") {
        crash("random");
        return { kind: "hang" };
      }
      return { kind: "last", act: () => crash(how) };
    });
    body(fs).then(resolve, reject);
  });
}

/** The acknowledged log, or that with some of the entries that were on their way. */
function allowedLogs(progress: Progress): string[] {
  const logs = [progress.acked];
  for (let count = 1; count <= progress.inFlight.length; count++) {
    logs.push(overwritten(progress.acked, progress.inFlight.slice(0, count)));
  }
  return logs.map((log) => summary(log).join("|"));
}

async function verify(env: TestEnv, progress: Progress, where: string): Promise<void> {
  if (!(await hasWal(env.fs, "wal"))) {
    assert.deepEqual(progress.acked, [], where);
    return;
  }
  const opened = await openWal(env, "wal", sizes);
  const { previous } = opened;
  const allowed = allowedLogs(progress).map((log) => log.split("|").filter((each) => each !== ""));
  const found = summary(opened.entries);
  assert.ok(
    allowed.some((log) => log.slice(previous.index).join("|") === found.join("|")),
    `${where}: found ${found.join(" ")}`,
  );
  const next = opened.wal.last.index + 1;
  await opened.wal.append({ entries: entries(next, 2, 9) }, sync);
  await opened.wal.close();
  const again = await openWal(env, "wal", sizes);
  assert.equal(again.entries.at(-1)!.index, next + 1, where);
  assert.equal(again.entries.length, found.length + 2, where);
  await again.wal.close();
}

for (const how of ["before", "random", "lost", "kept"] as const) {
  test(`nothing acknowledged is lost, whatever operation a crash cuts off (${how})`, async () => {
    const operations = await countOperations();
    assert.ok(operations > 30, `only ${operations} operations`);
    const seeds = how === "lost" || how === "kept" ? 1 : 4;
    for (let n = 0; n < operations; n++) {
      for (let seed = 0; seed < seeds; seed++) {
        const env = testEnv();
        const progress: Progress = { acked: [], inFlight: [] };
        const prng = new Prng(n * 100 + seed);
        await crashAt(env, n, how, prng, (fs) => runScript(env, fs, progress));
        await verify(env, progress, `operation ${n}, seed ${seed}`);
      }
    }
  });
}

test("a crash during the repair of a crash is repaired as well", async () => {
  const operations = await countOperations();
  for (let n = 0; n < operations; n++) {
    for (let second = 0; second < 4; second++) {
      const env = testEnv();
      const progress: Progress = { acked: [], inFlight: [] };
      const prng = new Prng(n * 100 + second);
      await crashAt(env, n, "random", prng, (fs) => runScript(env, fs, progress));
      if (!(await hasWal(env.fs, "wal"))) {
        continue;
      }
      await crashAt(env, second, "random", prng, async (fs) => {
        await (await openWal({ ...env, fs }, "wal", sizes)).wal.close();
      });
      await verify(env, progress, `operation ${n}, then ${second}`);
    }
  }
});

test("a torn tail is kept beside the log and reported", async () => {
  let torn = 0;
  for (let seed = 0; seed < 40; seed++) {
    const env = testEnv();
    const wal = await createWal(env, "wal", metadata, sizes);
    await wal.append({ entries: entries(1, 2, 1) }, sync);
    void wal.append({ entries: entries(3, 4, 1, 500) }, sync);
    await Promise.resolve();
    await Promise.resolve();
    env.memory.crash("random", new Prng(seed));
    const opened = await openWal(env, "wal", sizes);
    assert.ok(opened.entries.length >= 2);
    const broken = (await env.fs.readdir("wal")).filter((name) => name.endsWith(".broken"));
    assert.equal(
      broken.length > 0,
      env.lines.some((line) => line.includes("torn write")),
    );
    torn += broken.length;
    await opened.wal.close();
  }
  assert.ok(torn > 5, `only ${torn} torn tails in 40 crashes`);
});

test("what an open returns is durable, though the process that wrote it never synced it", async () => {
  const env = testEnv();
  const wal = await createWal(env, "wal", metadata, sizes);
  void wal.append({ entries: entries(1, 3, 1) }, sync);
  await Promise.resolve();
  await Promise.resolve();
  env.memory.kill();
  const opened = await openWal(env, "wal", sizes);
  assert.equal(opened.entries.length, 3);
  env.memory.crash("lost", new Prng(1));
  const again = await openWal(env, "wal", sizes);
  assert.equal(again.entries.length, 3);
  await again.wal.close();
});
