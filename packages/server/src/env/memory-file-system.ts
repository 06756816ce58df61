/**
 * A file system in memory with a crash model (see `memory-inode.ts`). An operation takes effect when
 * it is called, except that durability comes with its completion, and completions come from the given
 * clock: a simulator that owns the clock owns the disk's timing.
 */
import type { Prng } from "../lib/prng.ts";
import type { Clock } from "./env.ts";
import type { File, FileStat, FileSystem, OpenOptions } from "./file-system.ts";
import { DirectoryNode, FileNode } from "./memory-inode.ts";
import type { CrashOutcome, Node } from "./memory-inode.ts";

export interface MemoryFileSystemOptions {
  readonly clock: Clock;
  /** How long an operation takes, in milliseconds; without it, until the next turn of the loop. */
  readonly latencyMs?: () => number;
  readonly uid?: number;
}

/** An error as Node's `fs` makes them. */
export class FileSystemError extends Error {
  override readonly name = "FileSystemError";
  readonly code: string;
  readonly path: string;

  constructor(code: string, operation: string, path: string) {
    super(`${code}: ${operation} '${path}'`);
    this.code = code;
    this.path = path;
  }
}

export class MemoryFileSystem implements FileSystem {
  readonly uid: number;
  readonly #clock: Clock;
  readonly #latencyMs: (() => number) | undefined;
  readonly #root = new DirectoryNode(0o755);
  /** Rises with every crash; operations and handles of an earlier life never complete. */
  #life = 0;

  constructor(options: MemoryFileSystemOptions) {
    this.uid = options.uid ?? 1000;
    this.#clock = options.clock;
    this.#latencyMs = options.latencyMs;
  }

  /** The process dies and the power fails: open files are gone, calls under way never settle. */
  crash(outcome: CrashOutcome, prng: Prng): void {
    this.#life += 1;
    this.#root.crash(outcome, prng);
  }

  /** The process dies alone: what it wrote is still in the kernel's cache, synced or not. */
  kill(): void {
    this.#life += 1;
  }

  async open(path: string, options: OpenOptions = {}): Promise<File> {
    return this.run(() => new MemoryFile(this, path, this.#openNode(path, options), options));
  }

  stat(path: string): Promise<FileStat> {
    return this.run(() => this.statNode(this.#find(path, "stat")));
  }

  readdir(path: string): Promise<string[]> {
    return this.run(() => [...this.#directory(path, "scandir").entries.keys()].sort());
  }

  mkdir(path: string, mode: number): Promise<void> {
    return this.run(() => {
      const { parent, name } = this.#locate(path, "mkdir");
      if (parent.entries.has(name)) {
        throw new FileSystemError("EEXIST", "mkdir", path);
      }
      parent.change([[name, new DirectoryNode(mode)]]);
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.run(() => {
      const node = this.#find(from, "rename");
      const source = this.#locate(from, "rename");
      const target = this.#locate(to, "rename");
      if (source.parent === target.parent) {
        source.parent.change([
          [source.name, undefined],
          [target.name, node],
        ]);
      } else {
        target.parent.change([[target.name, node]]);
        source.parent.change([[source.name, undefined]]);
      }
    });
  }

  unlink(path: string): Promise<void> {
    return this.run(() => {
      if (this.#find(path, "unlink").kind === "directory") {
        throw new FileSystemError("EISDIR", "unlink", path);
      }
      const { parent, name } = this.#locate(path, "unlink");
      parent.change([[name, undefined]]);
    });
  }

  remove(path: string): Promise<void> {
    return this.run(() => {
      const { parent, name } = this.#locate(path, "rm");
      if (parent.entries.has(name)) {
        parent.change([[name, undefined]]);
      }
    });
  }

  syncDirectory(path: string): Promise<void> {
    return this.run(() => this.#directory(path, "fsync").beginSync()).then((finish) => {
      finish();
    });
  }

  /** Runs `effect` now and settles when the clock says so. For `MemoryFile`. */
  run<T>(effect: () => T, life: number = this.#life): Promise<T> {
    return new Promise((resolve, reject) => {
      if (life !== this.#life) {
        return;
      }
      let settle: () => void;
      try {
        const value = effect();
        settle = (): void => {
          resolve(value);
        };
      } catch (error) {
        settle = (): void => {
          reject(error as Error);
        };
      }
      this.#later(() => {
        if (life === this.#life) {
          settle();
        }
      });
    });
  }

  get life(): number {
    return this.#life;
  }

  statNode(node: Node): FileStat {
    const size = node.kind === "file" ? node.size : 0;
    return { kind: node.kind, size, mode: node.mode, uid: this.uid };
  }

  #later(callback: () => void): void {
    if (this.#latencyMs === undefined) {
      this.#clock.defer(callback);
    } else {
      this.#clock.setTimer(this.#latencyMs(), callback);
    }
  }

  #openNode(path: string, options: OpenOptions): FileNode {
    const { parent, name } = this.#locate(path, "open");
    const found = parent.entries.get(name);
    if (found === undefined) {
      return this.#createNode(path, parent, name, options);
    }
    if (options.create === "must") {
      throw new FileSystemError("EEXIST", "open", path);
    }
    if (found.kind === "directory") {
      throw new FileSystemError("EISDIR", "open", path);
    }
    if (options.truncate === true) {
      found.truncate(0);
    }
    return found;
  }

  #createNode(path: string, parent: DirectoryNode, name: string, options: OpenOptions): FileNode {
    if (options.create === undefined) {
      throw new FileSystemError("ENOENT", "open", path);
    }
    const created = new FileNode(options.mode ?? 0o600);
    parent.change([[name, created]]);
    return created;
  }

  #find(path: string, operation: string): Node {
    let node: Node = this.#root;
    for (const name of partsOf(path)) {
      if (node.kind !== "directory") {
        throw new FileSystemError("ENOTDIR", operation, path);
      }
      const next: Node | undefined = node.entries.get(name);
      if (next === undefined) {
        throw new FileSystemError("ENOENT", operation, path);
      }
      node = next;
    }
    return node;
  }

  #directory(path: string, operation: string): DirectoryNode {
    const node = this.#find(path, operation);
    if (node.kind !== "directory") {
      throw new FileSystemError("ENOTDIR", operation, path);
    }
    return node;
  }

  #locate(path: string, operation: string): { parent: DirectoryNode; name: string } {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) {
      throw new FileSystemError("EINVAL", operation, path);
    }
    return { parent: this.#directory(parts.join("/"), operation), name };
  }
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

class MemoryFile implements File {
  readonly path: string;
  readonly #fs: MemoryFileSystem;
  readonly #node: FileNode;
  readonly #options: OpenOptions;
  readonly #life: number;
  #closed = false;

  constructor(fs: MemoryFileSystem, path: string, node: FileNode, options: OpenOptions) {
    this.path = path;
    this.#fs = fs;
    this.#node = node;
    this.#options = options;
    this.#life = fs.life;
  }

  read(buffer: Uint8Array, position: number): Promise<number> {
    return this.#run("read", () => this.#node.read(buffer, position));
  }

  write(data: Uint8Array, position: number): Promise<number> {
    return this.writev([data], position);
  }

  async writev(parts: readonly Uint8Array[], position: number): Promise<number> {
    const finish = await this.#run("write", () => {
      this.#assertWritable();
      let at = position;
      for (const part of parts) {
        this.#node.write(part, at);
        at += part.length;
      }
      return this.#options.dataSync === true ? this.#node.beginSync() : undefined;
    });
    finish?.();
    return parts.reduce((sum, part) => sum + part.length, 0);
  }

  async datasync(): Promise<void> {
    (await this.#run("fdatasync", () => this.#node.beginSync()))();
  }

  async sync(): Promise<void> {
    (await this.#run("fsync", () => this.#node.beginSync()))();
  }

  truncate(size: number): Promise<void> {
    return this.#run("ftruncate", () => {
      this.#assertWritable();
      this.#node.truncate(size);
    });
  }

  stat(): Promise<FileStat> {
    return this.#run("fstat", () => this.#fs.statNode(this.#node));
  }

  close(): Promise<void> {
    return this.#run("close", () => {
      this.#closed = true;
    });
  }

  #run<T>(operation: string, effect: () => T): Promise<T> {
    return this.#fs.run(() => {
      if (this.#closed) {
        throw new FileSystemError("EBADF", operation, this.path);
      }
      return effect();
    }, this.#life);
  }

  #assertWritable(): void {
    if (this.#options.access !== "read-write") {
      throw new FileSystemError("EBADF", "write", this.path);
    }
  }
}
