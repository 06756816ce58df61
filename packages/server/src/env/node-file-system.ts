/** The real disk, on raw descriptors and callbacks: `fs.promises` handles cost several times more. */
import * as fs from "node:fs";
import type { File, FileStat, FileSystem, OpenOptions } from "./file-system.ts";

/** What a callback of `node:fs` passes first. */
type Failure = NodeJS.ErrnoException | null;
type Settle<T> = (error: Failure, value: T) => void;

function call<T>(start: (done: Settle<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error === null) {
        resolve(value);
      } else {
        reject(error);
      }
    });
  });
}

function callVoid(start: (done: (error: Failure) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => {
      if (error === null || error === undefined) {
        resolve();
      } else {
        reject(error);
      }
    });
  });
}

function toFileStat(stats: fs.Stats): FileStat {
  const kind = stats.isFile() ? "file" : stats.isDirectory() ? "directory" : "other";
  return { kind, size: stats.size, mode: stats.mode & 0o7777, uid: stats.uid };
}

function toFlags(options: OpenOptions): number {
  const { O_CREAT, O_DSYNC, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC } = fs.constants;
  let flags = options.access === "read-write" ? O_RDWR : O_RDONLY;
  if (options.create !== undefined) {
    flags |= options.create === "must" ? O_CREAT | O_EXCL : O_CREAT;
  }
  if (options.truncate === true) {
    flags |= O_TRUNC;
  }
  if (options.dataSync === true) {
    flags |= O_DSYNC;
  }
  return flags;
}

class NodeFile implements File {
  readonly path: string;
  readonly #fd: number;

  constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
  }

  read(buffer: Uint8Array, position: number): Promise<number> {
    return call((done) => fs.read(this.#fd, buffer, 0, buffer.length, position, done));
  }

  write(data: Uint8Array, position: number): Promise<number> {
    return call((done) => fs.write(this.#fd, data, 0, data.length, position, done));
  }

  writev(parts: readonly Uint8Array[], position: number): Promise<number> {
    return call((done) => fs.writev(this.#fd, parts, position, done));
  }

  datasync(): Promise<void> {
    return callVoid((done) => fs.fdatasync(this.#fd, done));
  }

  sync(): Promise<void> {
    return callVoid((done) => fs.fsync(this.#fd, done));
  }

  truncate(size: number): Promise<void> {
    return callVoid((done) => fs.ftruncate(this.#fd, size, done));
  }

  async stat(): Promise<FileStat> {
    return toFileStat(await call<fs.Stats>((done) => fs.fstat(this.#fd, done)));
  }

  close(): Promise<void> {
    return callVoid((done) => fs.close(this.#fd, done));
  }
}

export class NodeFileSystem implements FileSystem {
  readonly uid: number = process.geteuid?.() ?? 0;

  async open(path: string, options: OpenOptions = {}): Promise<File> {
    const flags = toFlags(options);
    const mode = options.mode ?? 0o600;
    return new NodeFile(path, await call<number>((done) => fs.open(path, flags, mode, done)));
  }

  async stat(path: string): Promise<FileStat> {
    return toFileStat(await call<fs.Stats>((done) => fs.stat(path, done)));
  }

  async readdir(path: string): Promise<string[]> {
    const names = await call<string[]>((done) => fs.readdir(path, done));
    return names.sort();
  }

  mkdir(path: string, mode: number): Promise<void> {
    return callVoid((done) => fs.mkdir(path, { mode }, done));
  }

  rename(from: string, to: string): Promise<void> {
    return callVoid((done) => fs.rename(from, to, done));
  }

  unlink(path: string): Promise<void> {
    return callVoid((done) => fs.unlink(path, done));
  }

  remove(path: string): Promise<void> {
    return callVoid((done) => fs.rm(path, { recursive: true, force: true }, done));
  }

  async syncDirectory(path: string): Promise<void> {
    const fd = await call<number>((done) => fs.open(path, fs.constants.O_RDONLY, done));
    try {
      await callVoid((done) => fs.fsync(fd, done));
    } finally {
      await callVoid((done) => fs.close(fd, done));
    }
  }
}
