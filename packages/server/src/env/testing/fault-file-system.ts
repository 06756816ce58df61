/**
 * A file system that fails on demand. Every operation is first shown to `decide`, which may let it
 * pass, fail it, cut a write short, or stop the world at that point.
 */
import type { File, FileStat, FileSystem, OpenOptions } from "../file-system.ts";
import { FileSystemError } from "../memory-file-system.ts";

export type OperationKind =
  | "open"
  | "read"
  | "write"
  | "datasync"
  | "sync"
  | "truncate"
  | "stat"
  | "close"
  | "readdir"
  | "mkdir"
  | "rename"
  | "unlink"
  | "remove"
  | "syncDirectory";

/** The operations that change the disk, or what of it is durable. */
export const mutatingKinds: ReadonlySet<OperationKind> = new Set<OperationKind>([
  "write",
  "datasync",
  "sync",
  "truncate",
  "mkdir",
  "rename",
  "unlink",
  "remove",
  "syncDirectory",
]);

export interface Operation {
  readonly kind: OperationKind;
  readonly path: string;
}

export type Fault =
  /** Rejects with this code (`EIO`, `ENOSPC`); nothing is done. */
  | { readonly kind: "error"; readonly code: string }
  /** Writes only the first `bytes` bytes and resolves to that count. */
  | { readonly kind: "short"; readonly bytes: number }
  /** Nothing is done and the call never settles. */
  | { readonly kind: "hang" }
  /** The operation is started, `act` runs before its completion, and the call never settles. */
  | { readonly kind: "last"; readonly act: () => void };

export type FaultPlan = (operation: Operation) => Fault | undefined;

/** A plan that injects `fault` at the `n`-th operation (from 0) that `matches`, once. */
export function faultAt(
  n: number,
  fault: Fault,
  matches: (operation: Operation) => boolean,
): FaultPlan {
  let seen = 0;
  return (operation) => {
    if (!matches(operation)) {
      return undefined;
    }
    seen += 1;
    return seen === n + 1 ? fault : undefined;
  };
}

export class FaultFileSystem implements FileSystem {
  readonly uid: number;
  readonly #inner: FileSystem;
  /** May be exchanged at any time. */
  decide: FaultPlan;

  constructor(inner: FileSystem, decide: FaultPlan = (): undefined => undefined) {
    this.#inner = inner;
    this.uid = inner.uid;
    this.decide = decide;
  }

  async open(path: string, options: OpenOptions = {}): Promise<File> {
    const file = await this.guard("open", path, () => this.#inner.open(path, options));
    return new FaultFile(this, file);
  }

  stat(path: string): Promise<FileStat> {
    return this.guard("stat", path, () => this.#inner.stat(path));
  }

  readdir(path: string): Promise<string[]> {
    return this.guard("readdir", path, () => this.#inner.readdir(path));
  }

  mkdir(path: string, mode: number): Promise<void> {
    return this.guard("mkdir", path, () => this.#inner.mkdir(path, mode));
  }

  rename(from: string, to: string): Promise<void> {
    return this.guard("rename", to, () => this.#inner.rename(from, to));
  }

  unlink(path: string): Promise<void> {
    return this.guard("unlink", path, () => this.#inner.unlink(path));
  }

  remove(path: string): Promise<void> {
    return this.guard("remove", path, () => this.#inner.remove(path));
  }

  syncDirectory(path: string): Promise<void> {
    return this.guard("syncDirectory", path, () => this.#inner.syncDirectory(path));
  }

  /** Runs `operation` unless the plan decides otherwise. For `FaultFile`. */
  guard<T>(
    kind: OperationKind,
    path: string,
    operation: () => Promise<T>,
    short?: (bytes: number) => Promise<T>,
  ): Promise<T> {
    const fault = this.decide({ kind, path });
    switch (fault?.kind) {
      case undefined:
        return operation();
      case "error":
        return Promise.reject(new FileSystemError(fault.code, kind, path));
      case "short":
        return short === undefined ? operation() : short(fault.bytes);
      case "hang":
        return new Promise<T>(() => undefined);
      case "last":
        // Whoever started it is dead by now, so nobody is there to hear of its end.
        operation().catch(() => undefined);
        fault.act();
        return new Promise<T>(() => undefined);
    }
  }
}

class FaultFile implements File {
  readonly path: string;
  readonly #fs: FaultFileSystem;
  readonly #inner: File;

  constructor(fs: FaultFileSystem, inner: File) {
    this.#fs = fs;
    this.#inner = inner;
    this.path = inner.path;
  }

  read(buffer: Uint8Array, position: number): Promise<number> {
    return this.#guard("read", () => this.#inner.read(buffer, position));
  }

  write(data: Uint8Array, position: number): Promise<number> {
    return this.#fs.guard(
      "write",
      this.path,
      () => this.#inner.write(data, position),
      (bytes) => this.#inner.write(data.subarray(0, bytes), position),
    );
  }

  writev(parts: readonly Uint8Array[], position: number): Promise<number> {
    return this.#fs.guard(
      "write",
      this.path,
      () => this.#inner.writev(parts, position),
      (bytes) => this.#inner.write(Buffer.concat(parts).subarray(0, bytes), position),
    );
  }

  datasync(): Promise<void> {
    return this.#guard("datasync", () => this.#inner.datasync());
  }

  sync(): Promise<void> {
    return this.#guard("sync", () => this.#inner.sync());
  }

  truncate(size: number): Promise<void> {
    return this.#guard("truncate", () => this.#inner.truncate(size));
  }

  stat(): Promise<FileStat> {
    return this.#guard("stat", () => this.#inner.stat());
  }

  close(): Promise<void> {
    return this.#guard("close", () => this.#inner.close());
  }

  #guard<T>(kind: OperationKind, operation: () => Promise<T>): Promise<T> {
    return this.#fs.guard(kind, this.path, operation);
  }
}
