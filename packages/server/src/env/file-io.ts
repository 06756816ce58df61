/** Whole reads and writes over a `File`, whose own calls may be short. */
import type { File, FileStat, FileSystem } from "./file-system.ts";
import { errorCode } from "../lib/error-code.ts";

/**
 * Reads until `buffer` is full or the file ends; resolves to the count. Pieces are at most 1 MiB, so
 * that one read does not hold a thread of the pool for long.
 */
export async function readFully(file: File, buffer: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < buffer.length) {
    const piece = buffer.subarray(done, done + (1 << 20));
    const count = await file.read(piece, position + done);
    if (count === 0) {
      break;
    }
    done += count;
  }
  return done;
}

/** Writes all of `data`, going on after short writes. */
export async function writeFully(file: File, data: Uint8Array, position: number): Promise<void> {
  let done = await file.write(data, position);
  while (done < data.length) {
    done += await file.write(data.subarray(done), position + done);
  }
}

/** The content of a small file. Rejects with `ENOENT` if there is none. */
export async function readFile(fs: FileSystem, path: string): Promise<Uint8Array> {
  const file = await fs.open(path);
  try {
    const { size } = await file.stat();
    const buffer = new Uint8Array(size);
    const count = await readFully(file, buffer, 0);
    return buffer.subarray(0, count);
  } finally {
    await file.close();
  }
}

/**
 * Creates or replaces `directory/name` so that after a crash there is the old or the new content,
 * never a mix: writes `name.tmp`, syncs it, renames it, syncs the directory.
 */
export async function replaceFile(
  fs: FileSystem,
  directory: string,
  name: string,
  content: Uint8Array,
): Promise<void> {
  const temporary = `${directory}/${name}.tmp`;
  const file = await fs.open(temporary, { access: "read-write", create: "may", truncate: true });
  try {
    await writeFully(file, content, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await fs.rename(temporary, `${directory}/${name}`);
  await fs.syncDirectory(directory);
}

/** The stat of `path`, or `undefined` if there is nothing. */
export async function tryStat(fs: FileSystem, path: string): Promise<FileStat | undefined> {
  try {
    return await fs.stat(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}
