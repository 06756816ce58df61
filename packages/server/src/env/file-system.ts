/**
 * The disk as the daemon sees it: few operations, each explicit about what is durable when.
 *
 * Every operation rejects with an `Error` that has a string `code` (`ENOENT`, `EEXIST`, `EIO`,
 * `ENOSPC`, …), as Node's own. Implementations: node, memory (with a crash model), and a wrapper that
 * injects faults; one contract suite runs over all of them.
 */
export interface FileStat {
  readonly kind: "file" | "directory" | "other";
  /** Bytes of content; meaningless for a directory. */
  readonly size: number;
  /** Permission bits only, for example `0o600`. */
  readonly mode: number;
  /** The owner's user id. */
  readonly uid: number;
}

export interface OpenOptions {
  /** Default `read`. */
  readonly access?: "read" | "read-write";
  /** `must` fails with `EEXIST` if the file is there; `may` creates it if needed. Default: never create. */
  readonly create?: "must" | "may";
  /** Cut an existing file to length 0. */
  readonly truncate?: boolean;
  /** Permission bits of a created file. Default `0o600`. */
  readonly mode?: number;
  /**
   * `O_DSYNC`: a resolved `write` or `writev` is durable as if followed by `datasync`.
   * Other operations are not affected.
   */
  readonly dataSync?: boolean;
}

/**
 * An open file. Positions and lengths are in bytes. Calls on one file may overlap; the caller orders
 * those that touch the same bytes. Buffers passed in must not change until the call settles.
 */
export interface File {
  readonly path: string;
  /** Reads up to `buffer.length` bytes at `position`; resolves to the count, 0 at the end of the file. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** Writes at `position`, extending the file if needed. Resolves to the count, which may be short. */
  write(data: Uint8Array, position: number): Promise<number>;
  /** Writes the parts one after the other. Resolves to the total count, which may be short. */
  writev(parts: readonly Uint8Array[], position: number): Promise<number>;
  /** When resolved, the content (and the size, if it grew) is durable. */
  datasync(): Promise<void>;
  /** When resolved, content and all metadata of the file are durable (not its directory entry). */
  sync(): Promise<void>;
  /** Cuts or extends with zeros. */
  truncate(size: number): Promise<void>;
  stat(): Promise<FileStat>;
  close(): Promise<void>;
}

export interface FileSystem {
  /** The user id new files will belong to; compared with `FileStat.uid` of existing ones. */
  readonly uid: number;
  open(path: string, options?: OpenOptions): Promise<File>;
  stat(path: string): Promise<FileStat>;
  /** Names (not paths), sorted. */
  readdir(path: string): Promise<string[]>;
  /** Creates one directory; `EEXIST` if there is anything at `path`. */
  mkdir(path: string, mode: number): Promise<void>;
  /** Replaces `to` atomically if it is a file. Durable after both directories are synced. */
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Removes a file or a whole tree; nothing happens if `path` does not exist. */
  remove(path: string): Promise<void>;
  /** When resolved, creations, renames and removals of entries of this directory are durable. */
  syncDirectory(path: string): Promise<void>;
}
