import type { FileSystem } from "./file-system.ts";
import { tryStat } from "./file-io.ts";

const PRIVATE_MODE = 0o700;
const OTHERS = 0o077;

/** A data directory that is no directory, or that others could read or own. */
export class DirectoryAccessError extends Error {
  override readonly name = "DirectoryAccessError";
}

/**
 * Creates the directory `path` with mode 0700, and its missing parents; existing ones are left alone.
 * Each creation is durable. Resolves to whether `path` was created.
 */
export async function createPrivateDirectory(fs: FileSystem, path: string): Promise<boolean> {
  const stat = await tryStat(fs, path);
  if (stat !== undefined) {
    if (stat.kind !== "directory") {
      throw new DirectoryAccessError(`${path} is not a directory`);
    }
    return false;
  }
  const parent = parentOf(path);
  await createPrivateDirectory(fs, parent);
  await fs.mkdir(path, PRIVATE_MODE);
  await fs.syncDirectory(parent);
  return true;
}

/**
 * What is wrong with owner or mode of a directory that should be ours alone; `undefined` if nothing.
 */
export async function directoryAccessProblem(
  fs: FileSystem,
  path: string,
): Promise<string | undefined> {
  const stat = await fs.stat(path);
  if (stat.uid !== fs.uid) {
    return `${path} belongs to user ${stat.uid}, not to ${fs.uid}`;
  }
  if ((stat.mode & OTHERS) !== 0) {
    return `${path} has mode ${stat.mode.toString(8)}; it must be 700 (chmod 700 ${path})`;
  }
  return undefined;
}

/** Creates `path` if it is missing; refuses an existing one that is not ours alone. */
export async function ensurePrivateDirectory(fs: FileSystem, path: string): Promise<boolean> {
  if (await createPrivateDirectory(fs, path)) {
    return true;
  }
  const problem = await directoryAccessProblem(fs, path);
  if (problem !== undefined) {
    throw new DirectoryAccessError(problem);
  }
  return false;
}

/** The directory that holds `path`. */
export function parentOf(path: string): string {
  const slash = path.replace(/\/+$/, "").lastIndexOf("/");
  return slash < 0 ? "." : slash === 0 ? "/" : path.slice(0, slash);
}
