/**
 * Writes a snapshot as it comes: into `FILE.part`, which takes its name only when everything is
 * there, agrees with its digest and is on disk. A failure leaves nothing behind.
 */
import { createHash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { openErrorText, osErrorText } from "./os-error.ts";

const DIGEST_BYTES = 32;
/** A database is whole pages; what is more is the digest. */
const SECTOR_BYTES = 512;
const OWNER_ONLY = 0o600;

/** Remembers the last bytes, which are the digest, and hashes those before. */
class DigestCheck {
  readonly #hash = createHash("sha256");
  #tail: Buffer = Buffer.alloc(0);
  size = 0;

  add(bytes: Uint8Array): void {
    this.size += bytes.length;
    const all = Buffer.concat([this.#tail, bytes]);
    const keep = Math.max(0, all.length - DIGEST_BYTES);
    this.#hash.update(all.subarray(0, keep));
    this.#tail = all.subarray(keep);
  }

  /** What is wrong, or undefined. */
  finish(): string | undefined {
    if (this.size % SECTOR_BYTES !== DIGEST_BYTES) {
      return `sha256 checksum not found [bytes: ${this.size}]`;
    }
    const found = this.#hash.digest();
    if (found.equals(this.#tail)) return undefined;
    return `expected sha256 [${this.#tail.join(" ")}], got [${found.join(" ")}]`;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function openPart(path: string): Promise<FileHandle> {
  try {
    return await open(path, "w", OWNER_ONLY);
  } catch (error) {
    throw new Error(`could not open ${path} (${openErrorText(error, path)})`, { cause: error });
  }
}

export class SnapshotFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #check = new DigestCheck();

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string): Promise<SnapshotFile> {
    return new SnapshotFile(path, await openPart(`${path}.part`));
  }

  get partPath(): string {
    return `${this.#path}.part`;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#check.add(bytes);
    await this.#file.writeFile(bytes);
  }

  /** Bytes, the digest included. */
  get size(): number {
    return this.#check.size;
  }

  /** Checks that everything is there; it is on disk when this returns. */
  async seal(): Promise<void> {
    const wrong = this.#check.finish();
    if (wrong !== undefined) throw new Error(wrong);
    await this.#file.sync();
    await this.#file.close();
  }

  /** After `seal`: durable under its own name when this returns. */
  async publish(): Promise<void> {
    await this.#rename();
    await syncFolder(this.#path);
  }

  async #rename(): Promise<void> {
    const both = `${this.partPath} ${this.#path}`;
    try {
      await rename(this.partPath, this.#path);
    } catch (error) {
      // What Linux calls a folder in the way, Go calls a file that exists.
      const { code } = error as NodeJS.ErrnoException;
      const shown = code === "EISDIR" ? Object.assign(new Error(), { code: "EEXIST" }) : error;
      const text = osErrorText("rename", shown, both);
      const what = `could not rename ${this.partPath} to ${this.#path}`;
      throw new Error(`${what} (${text})`, { cause: error });
    }
  }

  /** Removes what there is. Does nothing after `publish`. */
  async discard(): Promise<void> {
    await this.#file.close();
    await rm(this.partPath, { force: true });
  }
}
