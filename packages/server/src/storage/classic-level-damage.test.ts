/** What LevelDB overlooks, the backend must not: pages lost from its log, bits flipped in its tables. */
import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { nodeClock } from "../env/node-env.ts";
import { NodeFileSystem } from "../env/node-file-system.ts";
import { Prng } from "../lib/prng.ts";
import type { Backend } from "./backend.ts";
import { buckets } from "./buckets.ts";
import { classicLevelOpener } from "./classic-level.ts";
import { openBackend } from "./open-backend.ts";

const CHECKPOINTS = 40;
const KEYS = 25;
const ROUNDS = 12;

const openEngine = classicLevelOpener({ clock: nodeClock, fs: new NodeFileSystem() });

async function open(directory: string): Promise<Backend> {
  return openBackend(await openEngine(directory));
}

/** Checkpoint `n` sets every key to a value that names `n`. */
async function fill(directory: string, compact: boolean): Promise<void> {
  const backend = await open(directory);
  for (let n = 1; n <= CHECKPOINTS; n++) {
    for (let at = 0; at < KEYS; at++) {
      backend.put(buckets.lease, Buffer.from(`k${n % 7}-${at}`), Buffer.alloc(100, n));
      backend.append(Buffer.from([n, at]), Buffer.alloc(60, n));
    }
    await backend.checkpoint(() => ({ index: n, term: 1, confState: new Uint8Array(0) }));
  }
  if (compact) {
    await backend.defragment();
  }
  await backend.close();
}

/** Reads everything; fails unless it is exactly the state of some checkpoint. */
async function verify(backend: Backend): Promise<number> {
  const index = backend.loadApplied()?.index ?? 0;
  const iterator = backend.iterate(buckets.keyValue);
  let count = 0;
  for (;;) {
    const entries = await iterator.next(500);
    if (entries.length === 0) {
      break;
    }
    count += entries.length;
  }
  await iterator.close();
  assert.equal(count, index * KEYS, `applied ${index}, but ${count} records`);
  for (let n = Math.max(1, index - 6); n <= index; n++) {
    const value = backend.get(buckets.lease, Buffer.from(`k${n % 7}-3`));
    assert.equal(value?.[0], n);
  }
  return index;
}

/** Opens a damaged copy: either it is exactly a checkpoint, or a typed error says that it is not. */
async function outcomeOf(directory: string): Promise<number | string> {
  let backend: Backend | undefined;
  try {
    backend = await open(directory);
    return await verify(backend);
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.match(error.name, /^(CorruptionError|EngineError)$/, error.stack);
    return error.name;
  } finally {
    await backend?.close();
  }
}

async function damageEach(
  compact: boolean,
  ending: RegExp,
  damage: (bytes: Buffer, round: number) => void,
): Promise<(number | string)[]> {
  const root = await mkdtemp(join(tmpdir(), "kvorum-damage-"));
  const outcomes: (number | string)[] = [];
  await fill(join(root, "good"), compact);
  for (let round = 0; round < ROUNDS; round++) {
    const copy = join(root, `copy${round}`);
    await cp(join(root, "good"), copy, { recursive: true });
    const name = (await readdir(copy)).find((each) => ending.test(each))!;
    const bytes = await readFile(join(copy, name));
    damage(bytes, round);
    await writeFile(join(copy, name), bytes);
    outcomes.push(await outcomeOf(copy));
  }
  await rm(root, { recursive: true });
  return outcomes;
}

test("a page lost from the engine's log never leaves a hole in what is loaded", async () => {
  const outcomes = await damageEach(false, /\.log$/, (bytes, round) => {
    const pages = Math.floor(bytes.length / 4096);
    const page = Math.floor((round * pages) / ROUNDS);
    bytes.fill(0, page * 4096, (page + 1) * 4096);
  });
  assert.ok(outcomes.includes("CorruptionError"), outcomes.join(" "));
});

test("a flipped bit in the engine's log never leaves a hole in what is loaded", async () => {
  const prng = new Prng(3);
  const outcomes = await damageEach(false, /\.log$/, (bytes) => {
    bytes[prng.nextInt(bytes.length)]! ^= 1 << prng.nextInt(8);
  });
  assert.ok(outcomes.includes("CorruptionError"), outcomes.join(" "));
});

test("a flipped bit in a table is never returned as data", async () => {
  const prng = new Prng(4);
  const outcomes = await damageEach(true, /\.ldb$/, (bytes) => {
    bytes[prng.nextInt(bytes.length)]! ^= 1 << prng.nextInt(8);
  });
  assert.ok(outcomes.includes("CorruptionError"), outcomes.join(" "));
});
