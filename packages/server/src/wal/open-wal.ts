/** Creating a log, and opening one for writing after whatever ended its last use. */
import type { Env } from "../env/env.ts";
import type { File, FileSystem } from "../env/file-system.ts";
import { writeFully } from "../env/file-io.ts";
import { ensurePrivateDirectory } from "../env/private-directory.ts";
import { assert } from "../lib/assert.ts";
import type { HardState } from "../raft/messages.ts";
import { WalError } from "./errors.ts";
import type { LogHead } from "./group.ts";
import { preparedName } from "./segment-allocator.ts";
import { SegmentChain } from "./segment-chain.ts";
import type { SegmentChainOptions } from "./segment-chain.ts";
import { listSegments, readSegmentBytes } from "./segment-files.ts";
import { SECTOR_BYTES } from "./segment-header.ts";
import type { LogPosition, WalMetadata } from "./segment-header.ts";
import { readWal } from "./wal-reader.ts";
import type { ReadSegmentInfo, WalContent, WalReading } from "./wal-reader.ts";
import { Wal } from "./wal.ts";
import type { WalObserver } from "./wal.ts";

const MIB = 1024 * 1024;

/** The parts of the environment a log needs. */
export type WalEnv = Pick<Env, "clock" | "fs" | "log">;

export interface WalOptions {
  /** Size of a segment file, a multiple of 512. Default 64 MiB. */
  readonly segmentBytes?: number;
  /** Size of the first; each further one doubles up to `segmentBytes`. Default 4 MiB. */
  readonly firstSegmentBytes?: number;
  /** Appends are refused while more than this waits to be written. Default 64 MiB. */
  readonly queueBytesMax?: number;
  readonly observe?: WalObserver;
}

export interface CreateWalOptions extends WalOptions {
  /** Where the log starts if not at the beginning: the state of a restored snapshot. */
  readonly start?: { readonly position: LogPosition; readonly hardState: HardState };
}

export interface OpenedWal extends WalContent {
  readonly wal: Wal;
}

/** Whether the directory holds a log. False also if there is no such directory. */
export async function hasWal(fs: FileSystem, directory: string): Promise<boolean> {
  try {
    return (await listSegments(fs, directory)).length > 0;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return false;
    }
    throw error;
  }
}

/**
 * Creates a log in a directory that holds none (the directory is created with mode 0700). Durable
 * when resolved; after a crash before that, the directory still counts as empty.
 */
export async function createWal(
  env: WalEnv,
  directory: string,
  metadata: WalMetadata,
  options: CreateWalOptions = {},
): Promise<Wal> {
  await ensurePrivateDirectory(env.fs, directory);
  if ((await listSegments(env.fs, directory)).length > 0) {
    throw new WalError("wal/exists", `${directory} already holds a write-ahead log`);
  }
  const position = options.start?.position ?? { index: 0, term: 0 };
  const hardState = options.start?.hardState ?? { term: 0, vote: 0n, commit: 0 };
  const head: LogHead = { last: position, hardState, checkpoint: position, chain: 0 };
  const chain = await SegmentChain.create(chainOptions(env, directory, metadata, options), head);
  return toWal(env, chain, head, options);
}

/**
 * Opens a log for writing and gives its content, all of which is durable by then. A tail torn by a
 * crash is copied to `<segment>.broken` and zeroed, with a warning. Rejects with `WalError`
 * `wal/not-found`, and with `CorruptionError` if the log cannot be trusted.
 */
export async function openWal(
  env: WalEnv,
  directory: string,
  options: WalOptions = {},
): Promise<OpenedWal> {
  await ensurePrivateDirectory(env.fs, directory);
  const reading = await readWal(env.fs, directory);
  const { content, segments } = reading;
  const current = segments.at(-1)!;
  if (current.content.tail === "torn") {
    env.log.warn("truncating a torn write at the end of the write-ahead log", {
      path: current.path,
      offset: current.content.goodEnd,
    });
    await repairTail(env.fs, directory, current);
  }
  await env.fs.remove(`${directory}/${preparedName}`);
  await env.fs.syncDirectory(directory);
  const file = await openDurably(env.fs, current.path);
  const chain = new SegmentChain(
    chainOptions(env, directory, content.metadata, options),
    segments.map((each) => ({ ...each, previousIndex: each.header.previous.index })),
    { file, position: current.content.end, capacity: current.size },
  );
  return { ...content, wal: toWal(env, chain, headOf(reading), options) };
}

/** What was read may still have been only in the kernel's cache: makes it durable. */
async function openDurably(fs: FileSystem, path: string): Promise<File> {
  const file = await fs.open(path, { access: "read-write", dataSync: true });
  await file.sync();
  return file;
}

/** Keeps a copy for whoever wants to look, then zeroes everything behind the last good record. */
async function repairTail(
  fs: FileSystem,
  directory: string,
  segment: ReadSegmentInfo,
): Promise<void> {
  const bytes = await readSegmentBytes(fs, segment.path);
  await writeNewFile(fs, `${segment.path}.broken`, bytes);
  await fs.syncDirectory(directory);
  const file = await fs.open(segment.path, { access: "read-write" });
  try {
    const start = segment.content.goodEnd;
    const zeros = new Uint8Array(Math.min(MIB, bytes.length));
    for (let at = start; at < bytes.length; at += zeros.length) {
      await writeFully(file, zeros.subarray(0, bytes.length - at), at);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeNewFile(fs: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const file = await fs.open(path, { access: "read-write", create: "may", truncate: true });
  try {
    await writeFully(file, bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

function headOf(reading: WalReading): LogHead {
  const { previous, entries, hardState, checkpoint } = reading.content;
  const { index, term } = entries.at(-1) ?? previous;
  const { chain } = reading.segments.at(-1)!.content;
  return { last: { index, term }, hardState, checkpoint, chain };
}

function chainOptions(
  env: WalEnv,
  directory: string,
  metadata: WalMetadata,
  options: WalOptions,
): SegmentChainOptions {
  const segmentBytes = options.segmentBytes ?? 64 * MIB;
  const firstSegmentBytes = Math.min(options.firstSegmentBytes ?? 4 * MIB, segmentBytes);
  assert(segmentBytes % SECTOR_BYTES === 0, `segment of ${segmentBytes} bytes`);
  assert(firstSegmentBytes % SECTOR_BYTES === 0, `first segment of ${firstSegmentBytes} bytes`);
  assert(firstSegmentBytes > SECTOR_BYTES, `first segment of ${firstSegmentBytes} bytes`);
  return { env, directory, metadata, sizes: { segmentBytes, firstSegmentBytes } };
}

function toWal(env: WalEnv, chain: SegmentChain, head: LogHead, options: WalOptions): Wal {
  return new Wal({
    chain,
    head,
    clock: env.clock,
    log: env.log.withCaller("wal/wal.ts:1"),
    queueBytesMax: options.queueBytesMax ?? 64 * MIB,
    observe: options.observe,
  });
}
