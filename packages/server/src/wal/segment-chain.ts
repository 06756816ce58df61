/** The segment files of an open log: the one being written, those before it, the one after it. */
import type { Env } from "../env/env.ts";
import type { File } from "../env/file-system.ts";
import { writeFully } from "../env/file-io.ts";
import type { LogHead } from "./group.ts";
import { SegmentAllocator } from "./segment-allocator.ts";
import { encodeHeader, HEADER_BYTES, segmentName } from "./segment-header.ts";
import type { WalMetadata } from "./segment-header.ts";

export interface SegmentSizes {
  /** Of all segments from some point on. */
  readonly segmentBytes: number;
  /** Of the first; each further one is twice as large, up to `segmentBytes`. */
  readonly firstSegmentBytes: number;
}

/** A segment that is on disk. */
export interface SegmentInfo {
  readonly sequence: number;
  readonly path: string;
  /** Index of the entry before it. */
  readonly previousIndex: number;
}

export interface OpenSegment {
  readonly file: File;
  /** Where the next group goes. */
  readonly position: number;
  /** Bytes of the file. */
  readonly capacity: number;
}

export interface SegmentChainOptions {
  readonly env: Pick<Env, "clock" | "fs">;
  readonly directory: string;
  readonly metadata: WalMetadata;
  readonly sizes: SegmentSizes;
}

export class SegmentChain {
  readonly #options: SegmentChainOptions;
  readonly #segments: SegmentInfo[];
  #file: File;
  #position: number;
  #capacity: number;
  #next: SegmentAllocator;

  /** `segments` are those on disk, `open` is the last of them. */
  constructor(options: SegmentChainOptions, segments: readonly SegmentInfo[], open: OpenSegment) {
    this.#options = options;
    this.#segments = [...segments];
    this.#file = open.file;
    this.#position = open.position;
    this.#capacity = open.capacity;
    this.#next = this.#prepareNext();
  }

  get segments(): readonly SegmentInfo[] {
    return this.#segments;
  }

  /** Creates the first segment in a directory without any. Durable when resolved. */
  static async create(options: SegmentChainOptions, head: LogHead): Promise<SegmentChain> {
    const { env, directory, sizes } = options;
    const allocator = new SegmentAllocator(env.fs, env.clock, directory, sizes.firstSegmentBytes);
    const segment = await installSegment(options, allocator, 0, head);
    return new SegmentChain(options, [segment.info], segment);
  }

  /** Writes a group durably. `head` is the log before it. */
  async write(bytes: Uint8Array, head: LogHead): Promise<void> {
    if (this.#position + bytes.length > this.#capacity && this.#position > HEADER_BYTES) {
      await this.#cut(head);
    }
    if (this.#position + bytes.length > this.#capacity) {
      await this.#extend(this.#position + bytes.length);
    }
    await writeFully(this.#file, bytes, this.#position);
    this.#position += bytes.length;
    this.#next.advance(this.#position / this.#capacity);
  }

  /** Removes segments, oldest first, that hold only entries up to `index`; never the last. */
  async release(index: number): Promise<void> {
    const { fs } = this.#options.env;
    while (this.#segments.length > 1 && this.#segments[1]!.previousIndex <= index) {
      const { path } = this.#segments.shift()!;
      await fs.unlink(path);
      await fs.syncDirectory(this.#options.directory);
    }
  }

  async close(): Promise<void> {
    await this.#next.discard();
    await this.#file.close();
  }

  /** Ends the current segment at its last group and goes on in the prepared one. */
  async #cut(head: LogHead): Promise<void> {
    const sequence = this.#segments.at(-1)!.sequence + 1;
    await this.#next.take();
    await this.#file.truncate(this.#position);
    await this.#file.datasync();
    const { info, file, position, capacity } = await installSegment(
      this.#options,
      this.#next,
      sequence,
      head,
    );
    await this.#file.close();
    this.#segments.push(info);
    this.#file = file;
    this.#position = position;
    this.#capacity = capacity;
    this.#next = this.#prepareNext();
  }

  /** Makes room for a group that is larger than a segment. Zeros must be there before the group is. */
  async #extend(size: number): Promise<void> {
    await this.#file.truncate(size);
    await this.#file.datasync();
    this.#capacity = size;
  }

  #prepareNext(): SegmentAllocator {
    const { env, directory, sizes } = this.#options;
    const doublings = Math.min(this.#segments.at(-1)!.sequence + 1, 30);
    const size = Math.min(sizes.segmentBytes, sizes.firstSegmentBytes * 2 ** doublings);
    return new SegmentAllocator(env.fs, env.clock, directory, size);
  }
}

interface InstalledSegment extends OpenSegment {
  readonly info: SegmentInfo;
}

/** Gives a prepared file its header and its name; all of it is durable when resolved. */
async function installSegment(
  options: SegmentChainOptions,
  allocator: SegmentAllocator,
  sequence: number,
  head: LogHead,
): Promise<InstalledSegment> {
  const { env, directory, metadata } = options;
  const file = await allocator.take();
  const { last: previous, hardState, checkpoint, chain } = head;
  const header = encodeHeader({ metadata, sequence, previous, hardState, checkpoint, chain });
  await writeFully(file, header, 0);
  const path = `${directory}/${segmentName(sequence, previous.index + 1)}`;
  await env.fs.rename(allocator.path, path);
  await env.fs.syncDirectory(directory);
  const info = { sequence, path, previousIndex: previous.index };
  return { info, file, position: HEADER_BYTES, capacity: allocator.size };
}
