/**
 * Files and directories of the memory file system, each in two layers: what the process sees, and
 * what the disk would hold after a power cut.
 *
 * A file differs from its durable layer by 512-byte sectors. A sync copies the sectors that were dirty
 * when it was called. At a crash every sector still dirty is, independently, kept, lost (old bytes) or
 * zeroed, so later writes may survive earlier ones; the size is the old or the new one. A directory
 * keeps a log of its changes since the last directory sync; at a crash a prefix of it survives, so a
 * rename is never half done.
 */
import type { Prng } from "../lib/prng.ts";

export const SECTOR_BYTES = 512;

/** What becomes of data that was never synced: a random mix, nothing, or all of it. */
export type CrashOutcome = "random" | "lost" | "kept";

export class FileNode {
  readonly kind = "file";
  readonly mode: number;
  content: Buffer = Buffer.alloc(0);
  size = 0;
  #durable: Buffer = Buffer.alloc(0);
  #durableSize = 0;
  /** Dirty sector → the number of the write that touched it last. */
  readonly #dirty = new Map<number, number>();
  #writes = 0;

  constructor(mode: number) {
    this.mode = mode;
  }

  read(buffer: Uint8Array, position: number): number {
    const end = Math.min(position + buffer.length, this.size);
    if (end <= position) {
      return 0;
    }
    buffer.set(this.content.subarray(position, end));
    return end - position;
  }

  write(data: Uint8Array, position: number): void {
    const end = position + data.length;
    this.#reserve(end);
    this.content.set(data, position);
    this.#touch(Math.min(position, this.size), end);
    this.size = Math.max(this.size, end);
  }

  truncate(size: number): void {
    this.#reserve(size);
    this.content.fill(0, Math.min(size, this.size), Math.max(size, this.size));
    this.#touch(Math.min(size, this.size), Math.max(size, this.size));
    this.size = size;
  }

  /** Notes what is dirty now; the returned function makes it durable, and is the end of the sync. */
  beginSync(): () => void {
    const upTo = this.#writes;
    const size = this.size;
    return () => {
      this.#settle(upTo, size);
    };
  }

  crash(outcome: CrashOutcome, prng: Prng): void {
    const oldSize = this.#durableSize;
    for (const sector of [...this.#dirty.keys()].sort((a, b) => a - b)) {
      this.#crashSector(
        sector,
        outcome === "random" ? prng.nextInt(3) : outcome === "kept" ? 0 : 1,
      );
    }
    const keepsSize = outcome === "kept" || (outcome === "random" && prng.nextInt(2) === 0);
    this.size = keepsSize ? this.size : oldSize;
    this.content = Buffer.alloc(this.size);
    this.#durable.copy(this.content, 0, 0, Math.min(this.size, this.#durable.length));
    this.#durable = Buffer.from(this.content);
    this.#durableSize = this.size;
    this.#dirty.clear();
  }

  #crashSector(sector: number, choice: number): void {
    const start = sector * SECTOR_BYTES;
    this.#reserveDurable(start + SECTOR_BYTES);
    if (choice === 0) {
      this.content.copy(this.#durable, start, start, start + SECTOR_BYTES);
    } else if (choice === 2) {
      this.#durable.fill(0, start, start + SECTOR_BYTES);
    }
  }

  #settle(upTo: number, size: number): void {
    for (const [sector, write] of this.#dirty) {
      const start = sector * SECTOR_BYTES;
      this.#reserveDurable(start + SECTOR_BYTES);
      this.content.copy(this.#durable, start, start, start + SECTOR_BYTES);
      if (write <= upTo) {
        this.#dirty.delete(sector);
      }
    }
    this.#durableSize = size;
  }

  #touch(start: number, end: number): void {
    this.#writes += 1;
    for (let at = Math.floor(start / SECTOR_BYTES); at * SECTOR_BYTES < end; at++) {
      this.#dirty.set(at, this.#writes);
    }
  }

  #reserve(size: number): void {
    this.content = grown(this.content, size);
  }

  #reserveDurable(size: number): void {
    this.#durable = grown(this.#durable, size);
  }
}

/** A buffer of at least `size` bytes with the same content, zeros behind; grows by doubling. */
function grown(buffer: Buffer, size: number): Buffer {
  if (size <= buffer.length) {
    return buffer;
  }
  const result = Buffer.alloc(Math.max(size, buffer.length * 2, SECTOR_BYTES));
  buffer.copy(result);
  return result;
}

export type Node = FileNode | DirectoryNode;

/** One atomic change of a directory: names and what they lead to from then on. */
type DirectoryChange = readonly (readonly [name: string, node: Node | undefined])[];

export class DirectoryNode {
  readonly kind = "directory";
  readonly mode: number;
  entries: Map<string, Node> = new Map();
  #durable = new Map<string, Node>();
  #changes: DirectoryChange[] = [];

  constructor(mode: number) {
    this.mode = mode;
  }

  change(change: DirectoryChange): void {
    applyChange(this.entries, change);
    this.#changes.push(change);
  }

  /** As `FileNode.beginSync`. */
  beginSync(): () => void {
    const synced = new Set(this.#changes);
    return () => {
      for (const change of this.#changes.filter((each) => synced.has(each))) {
        applyChange(this.#durable, change);
      }
      this.#changes = this.#changes.filter((each) => !synced.has(each));
    };
  }

  crash(outcome: CrashOutcome, prng: Prng): void {
    const count = this.#changes.length;
    const kept = outcome === "random" ? prng.nextInt(count + 1) : outcome === "kept" ? count : 0;
    for (const change of this.#changes.slice(0, kept)) {
      applyChange(this.#durable, change);
    }
    this.#changes = [];
    this.entries = new Map(this.#durable);
    for (const name of [...this.entries.keys()].sort()) {
      this.entries.get(name)!.crash(outcome, prng);
    }
  }
}

function applyChange(entries: Map<string, Node>, change: DirectoryChange): void {
  for (const [name, node] of change) {
    if (node === undefined) {
      entries.delete(name);
    } else {
      entries.set(name, node);
    }
  }
}
