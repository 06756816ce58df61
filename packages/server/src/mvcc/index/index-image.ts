/**
 * The file that spares a start the reading of every version: the whole index as it was at the last
 * clean stop, in blocks that the tree takes as they are (see `frozen-block.ts`).
 *
 *     header                what it is an image of (see `image-header.ts`)
 *     slab …                in order of the keys (see `image-slab.ts`)
 *
 * It is written beside its name, synced and renamed. It is a copy of what the store holds: without it
 * a start takes longer, and nothing else.
 */
import type { File, FileSystem } from "../../env/file-system.ts";
import { readFully, tryStat, writeFully } from "../../env/file-io.ts";
import type { LeafContent } from "../../lib/b-plus-tree.ts";
import { EMPTY, putUint32 } from "../../lib/bytes.ts";
import { crc32c } from "../../lib/crc32c.ts";
import type { Pause } from "../../lib/key-order.ts";
import { BlockWriter, FrozenBlock, REVISIONS_MAX } from "./frozen-block.ts";
import { ImageError } from "./image-error.ts";
import {
  decodeImageHeader,
  encodeImageHeader,
  IMAGE_HEADER_BYTES,
  type ImageHeader,
  type ImageOrigin,
} from "./image-header.ts";
import { checkSlab, encodeSlab, SLAB_HEAD_BYTES, slabBlocks, slabBytes } from "./image-slab.ts";
import type { KeyIndex } from "./key-index.ts";
import type { TreeIndex } from "./tree-index.ts";

const NAME = "index-image";
const TEMPORARY = `${NAME}.tmp`;
const NAMES: ReadonlySet<string> = new Set([NAME, TEMPORARY]);
/** Checked in one go: half a millisecond. */
const SLAB_BYTES_FULL = 256 * 1024;

export interface ImagePlace {
  readonly fs: FileSystem;
  /** The directory of the store that the image is of. */
  readonly directory: string;
}

/** What the header says besides what follows from the index itself. */
export type ImageFacts = ImageOrigin & Pick<ImageHeader, "currentRevision" | "keysTotal">;

export interface LoadedImage {
  readonly header: ImageHeader;
  readonly blocks: readonly FrozenBlock[];
}

/**
 * Writes the image; durable when resolved. No key may come or go meanwhile. Rejects if it cannot be
 * written, and has then removed what it could.
 */
export async function writeIndexImage(
  { fs, directory }: ImagePlace,
  index: TreeIndex,
  facts: ImageFacts,
  pause: Pause,
): Promise<void> {
  const temporary = `${directory}/${TEMPORARY}`;
  try {
    const file = await fs.open(temporary, { access: "read-write", create: "may", truncate: true });
    try {
      const written = await new ImageWriter(file, pause).write(index);
      await writeFully(file, encodeImageHeader({ ...facts, ...written }), 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(temporary, `${directory}/${NAME}`);
    await fs.syncDirectory(directory);
  } catch (error) {
    await removeIndexImage({ fs, directory });
    throw error;
  }
}

/**
 * Reads the image, if there is one. Rejects with `ImageError` if it is not a whole one of the store in
 * the state `origin`.
 */
export async function readIndexImage(
  { fs, directory }: ImagePlace,
  origin: ImageOrigin,
  pause: Pause,
): Promise<LoadedImage | undefined> {
  const path = `${directory}/${NAME}`;
  if ((await tryStat(fs, path)) === undefined) {
    return undefined;
  }
  const file = await fs.open(path);
  try {
    return await new ImageReader(file, pause).read(origin);
  } finally {
    await file.close();
  }
}

/** Removes the image, and what a write that was cut off has left; durable when resolved. */
export async function removeIndexImage({ fs, directory }: ImagePlace): Promise<void> {
  const names = (await fs.readdir(directory)).filter((name) => NAMES.has(name));
  for (const name of names) {
    await fs.unlink(`${directory}/${name}`);
  }
  if (names.length > 0) {
    await fs.syncDirectory(directory);
  }
}

class ImageWriter {
  readonly #file: File;
  readonly #pause: Pause;
  readonly #blocks = new BlockWriter(SLAB_BYTES_FULL * 2);
  #position = IMAGE_HEADER_BYTES;
  #slabs = 0;
  #size = 0;
  #content = 0;

  constructor(file: File, pause: Pause) {
    this.#file = file;
    this.#pause = pause;
  }

  async write(index: TreeIndex): Promise<Pick<ImageHeader, "slabs" | "size" | "content">> {
    for (const leaf of index.leaves()) {
      if (leaf instanceof FrozenBlock) {
        this.#blocks.addFrozen(leaf);
      } else {
        await this.#addThawed("thaw" in leaf ? leaf.thaw() : leaf);
      }
      if (this.#isSlabFull) {
        await this.#writeSlab();
      }
      await this.#pause();
    }
    await this.#writeSlab();
    return { slabs: this.#slabs, size: this.#size, content: this.#content };
  }

  get #isSlabFull(): boolean {
    return this.#blocks.length >= SLAB_BYTES_FULL;
  }

  async #addThawed(leaf: LeafContent<KeyIndex>): Promise<void> {
    for (let at = 0; at < leaf.keys.length; ) {
      at = this.#addKeys(leaf, at);
      if (this.#isSlabFull) {
        await this.#writeSlab();
      }
    }
    this.#blocks.endBlock();
  }

  /** Adds keys from place `first` on while the slab has room; returns where to go on. */
  #addKeys({ keys, values }: LeafContent<KeyIndex>, first: number): number {
    let at = first;
    for (; at < keys.length && !this.#isSlabFull; at++) {
      const keyIndex = values[at]!;
      if (keyIndex.length > REVISIONS_MAX) {
        throw new ImageError(`a key has ${keyIndex.length} revisions`);
      }
      this.#blocks.add(keys[at]!, keyIndex);
    }
    return at;
  }

  async #writeSlab(): Promise<void> {
    const { parts, crc, keys } = encodeSlab(this.#blocks, this.#slabs);
    for (const part of parts) {
      await writeFully(this.#file, part, this.#position);
      this.#position += part.length;
    }
    this.#slabs++;
    this.#size += keys;
    this.#content = addToContent(this.#content, crc);
  }
}

class ImageReader {
  readonly #file: File;
  readonly #pause: Pause;
  /** Bytes of the file. */
  #end = 0;
  #position = IMAGE_HEADER_BYTES;
  #content = 0;
  readonly #blocks: FrozenBlock[] = [];

  constructor(file: File, pause: Pause) {
    this.#file = file;
    this.#pause = pause;
  }

  async read(origin: ImageOrigin): Promise<LoadedImage> {
    this.#end = (await this.#file.stat()).size;
    const header = decodeImageHeader(await this.#bytes(0, IMAGE_HEADER_BYTES));
    requireOrigin(header, origin);
    let slab = await this.#slab();
    for (let place = 0; place < header.slabs; place++) {
      const isLast = place + 1 === header.slabs;
      const [next] = await Promise.all([isLast ? EMPTY : this.#slab(), this.#take(slab, place)]);
      slab = next;
    }
    const blocks = this.#blocks;
    const size = blocks.reduce((sum, block) => sum + block.size, 0);
    const isWhole = this.#position === this.#end && this.#content === header.content;
    if (!isWhole || size !== header.size) {
      throw new ImageError("its parts do not fit together");
    }
    return { header, blocks };
  }

  async #take(slab: Uint8Array, place: number): Promise<void> {
    this.#content = addToContent(this.#content, checkSlab(slab, place));
    this.#blocks.push(...slabBlocks(slab));
    await this.#pause();
  }

  async #slab(): Promise<Uint8Array> {
    const length = slabBytes(await this.#bytes(this.#position, SLAB_HEAD_BYTES));
    const slab = await this.#bytes(this.#position, length);
    this.#position += length;
    return slab;
  }

  async #bytes(position: number, length: number): Promise<Uint8Array> {
    if (position + length > this.#end) {
      throw new ImageError("it is cut off");
    }
    const bytes = Buffer.allocUnsafeSlow(length);
    if ((await readFully(this.#file, bytes, position)) < length) {
      throw new ImageError("it is cut off");
    }
    return bytes;
  }
}

function requireOrigin(header: ImageHeader, origin: ImageOrigin): void {
  const isSame =
    header.checkpoint === origin.checkpoint &&
    header.appliedIndex === origin.appliedIndex &&
    header.appliedTerm === origin.appliedTerm &&
    header.compactRevision === origin.compactRevision;
  if (!isSame) {
    throw new ImageError("the store has gone on since");
  }
}

function addToContent(content: number, slabCrc: number): number {
  const bytes = new Uint8Array(4);
  putUint32(bytes, 0, slabCrc);
  return crc32c(bytes, content);
}
