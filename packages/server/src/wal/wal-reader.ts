/** Reads a whole log without changing it. */
import type { FileSystem } from "../env/file-system.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import type { Entry, HardState } from "../raft/messages.ts";
import { WalError } from "./errors.ts";
import { LogAssembler } from "./log-assembler.ts";
import { listSegments, readSegmentBytes } from "./segment-files.ts";
import type { SegmentFile } from "./segment-files.ts";
import { decodeHeader } from "./segment-header.ts";
import type { LogPosition, SegmentHeader, WalMetadata } from "./segment-header.ts";
import { readSegment } from "./segment-reader.ts";
import type { SegmentContent } from "./segment-reader.ts";

/** What the log says: everything a member needs to go on from where it stopped. */
export interface WalContent {
  readonly metadata: WalMetadata;
  readonly hardState: HardState;
  /** The entry before the first of `entries`. */
  readonly previous: LogPosition;
  /** Without those that were overwritten. Includes entries below the checkpoint, if still there. */
  readonly entries: Entry[];
  /** All up to here was durable in the engine. */
  readonly checkpoint: LogPosition;
}

export interface ReadSegmentInfo extends SegmentFile {
  readonly header: SegmentHeader;
  readonly content: SegmentContent;
  /** Of the file. */
  readonly size: number;
}

export interface WalReading {
  readonly content: WalContent;
  readonly segments: readonly ReadSegmentInfo[];
}

/**
 * Rejects with `WalError` `wal/not-found` if there is no segment, and with `CorruptionError` for
 * anything that a crash cannot explain. A torn tail of the last segment is left out and reported in
 * its `content.tail`.
 */
export async function readWal(fs: FileSystem, directory: string): Promise<WalReading> {
  const files = await listSegments(fs, directory);
  if (files.length === 0) {
    throw new WalError("wal/not-found", `no write-ahead log in ${directory}`);
  }
  const segments: ReadSegmentInfo[] = [];
  let log: LogAssembler | undefined;
  for (const file of files) {
    const bytes = await readSegmentBytes(fs, file.path);
    const header = decodeHeader(bytes, file.path);
    log ??= new LogAssembler(header);
    verifyHeader(file, header, segments.at(-1), log);
    const last = file === files.at(-1);
    const content = readRecords(file.path, bytes, header, last, log);
    segments.push({ ...file, header, content, size: bytes.length });
  }
  return { content: toContent(segments[0]!.header.metadata, log!), segments };
}

function readRecords(
  path: string,
  bytes: Uint8Array,
  header: SegmentHeader,
  last: boolean,
  log: LogAssembler,
): SegmentContent {
  return readSegment(bytes, { path, chain: header.chain, last }, (record, offset) => {
    const problem = log.add(record);
    if (problem !== undefined) {
      throw new CorruptionError(path, offset, problem);
    }
  });
}

/** A header repeats what the log said so far; any difference means that files do not belong together. */
function verifyHeader(
  file: SegmentFile,
  header: SegmentHeader,
  before: ReadSegmentInfo | undefined,
  log: LogAssembler,
): void {
  const problem =
    header.sequence !== file.sequence || header.previous.index + 1 !== file.firstIndex
      ? "the header does not match the name"
      : before === undefined
        ? undefined
        : header.chain !== before.content.chain
          ? "the segment does not continue the chain of checksums"
          : !sameMetadata(header.metadata, before.header.metadata)
            ? "the segment belongs to another member"
            : !sameState(header, log)
              ? "the header contradicts the segment before"
              : undefined;
  if (problem !== undefined) {
    throw new CorruptionError(file.path, 0, problem);
  }
}

function sameMetadata(a: WalMetadata, b: WalMetadata): boolean {
  return a.clusterId === b.clusterId && a.nodeId === b.nodeId;
}

function sameState(header: SegmentHeader, log: LogAssembler): boolean {
  const { hardState, checkpoint, previous } = header;
  return (
    samePosition(previous, log.last) &&
    samePosition(checkpoint, log.checkpoint) &&
    hardState.term === log.hardState.term &&
    hardState.vote === log.hardState.vote &&
    hardState.commit === log.hardState.commit
  );
}

function samePosition(a: LogPosition, b: LogPosition): boolean {
  return a.index === b.index && a.term === b.term;
}

function toContent(metadata: WalMetadata, log: LogAssembler): WalContent {
  const { hardState, previous, entries, checkpoint } = log;
  return { metadata, hardState, previous, entries, checkpoint };
}
