/**
 * A planted fault: a disk that calls the write-ahead log's writes durable when they are not. What a
 * member acknowledges on top of it is lost in a crash, which the checkers have to find.
 */
import type { File, FileStat, FileSystem, OpenOptions } from "../../env/file-system.ts";

export class ForgetfulFileSystem implements FileSystem {
  readonly uid: number;
  readonly #inner: FileSystem;

  constructor(inner: FileSystem) {
    this.uid = inner.uid;
    this.#inner = inner;
  }

  open(path: string, options: OpenOptions = {}): Promise<File> {
    const isLog = path.endsWith(".wal");
    return this.#inner.open(path, isLog ? { ...options, dataSync: false } : options);
  }

  stat(path: string): Promise<FileStat> {
    return this.#inner.stat(path);
  }

  readdir(path: string): Promise<string[]> {
    return this.#inner.readdir(path);
  }

  mkdir(path: string, mode: number): Promise<void> {
    return this.#inner.mkdir(path, mode);
  }

  rename(from: string, to: string): Promise<void> {
    return this.#inner.rename(from, to);
  }

  unlink(path: string): Promise<void> {
    return this.#inner.unlink(path);
  }

  remove(path: string): Promise<void> {
    return this.#inner.remove(path);
  }

  syncDirectory(path: string): Promise<void> {
    return this.#inner.syncDirectory(path);
  }
}
