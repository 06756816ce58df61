/**
 * Reads a bbolt image of any page size, with or without a stored freelist, straight from the file:
 * memory does not grow with the image, but with its largest value.
 */
import { asBuffer } from "../../lib/bytes.ts";
import { CorruptionError } from "../../lib/corruption-error.ts";
import { imageBytesOf } from "../digest.ts";
import type { RandomAccessSource } from "../random-access-source.ts";
import type { BucketEntry } from "./bucket-source.ts";
import { decodeMeta, META_BYTES, type Meta } from "./meta.ts";
import { decodeLeaf, type LeafElement } from "./page-decoder.ts";
import { PageReader, type PageVisitor } from "./page-reader.ts";
import { FIRST_DATA_PAGE, PAGE_HEADER_BYTES, readPageHeader, readUint64 } from "./page.ts";
import { readTree } from "./tree-reader.ts";
import { BUCKET_HEADER_BYTES } from "./tree-writer.ts";

/** Where the second meta page may begin: page sizes from 1 KiB to 16 MiB, as bbolt tries them. */
const PAGE_SIZE_EXPONENTS = { min: 10, max: 24 };

/** A top-level bucket of an open image. */
export interface BucketReference {
  readonly name: string;
  readonly element: LeafElement;
}

export class ImageReader {
  readonly #pages: PageReader;

  private constructor(pages: PageReader) {
    this.#pages = pages;
  }

  /**
   * Opens the image a source begins with; what follows it (a digest, bbolt's spare room) is not
   * looked at. Throws `CorruptionError` when there is no valid meta page, or when the image
   * it speaks of is not all there.
   */
  static async open(source: RandomAccessSource): Promise<ImageReader> {
    const meta = await readMeta(source);
    const needed = meta.highWater * meta.pageSize;
    const available = imageBytesOf(source.size);
    if (needed > available) {
      const pages = `${meta.highWater} pages of ${meta.pageSize} bytes`;
      const reason = `truncated: ${pages} need ${needed} bytes, there are ${available}`;
      throw new CorruptionError(source.name, available, reason);
    }
    return new ImageReader(new PageReader(source, meta));
  }

  get meta(): Meta {
    return this.#pages.meta;
  }

  /** Size of the image: what bbolt calls the size of a transaction. */
  get bytes(): number {
    return this.meta.highWater * this.meta.pageSize;
  }

  /** Pages by id, for checks that look beneath the buckets. */
  get pages(): PageReader {
    return this.#pages;
  }

  /** The top-level buckets in order of name. */
  async *buckets(visitor?: PageVisitor): AsyncGenerator<BucketReference> {
    const root = { page: this.meta.root, offset: 0 };
    for await (const elements of readTree(this.#pages, root, visitor)) {
      for (const element of elements) {
        if (!element.isBucket) {
          const name = element.key.toString("hex");
          throw this.#corrupt(element.offset, `nil bucket: key ${name} in the root`);
        }
        yield { name: element.key.toString(), element };
      }
    }
  }

  /** The bucket of this name, or undefined. */
  async bucket(name: string): Promise<BucketReference | undefined> {
    for await (const bucket of this.buckets()) {
      if (bucket.name === name) {
        return bucket;
      }
    }
    return undefined;
  }

  /**
   * The entries of a bucket in order of key, a page's worth at a time. The buffers are views that
   * stay valid, and keep up to 1 MiB of file alive each: copy what is to be kept.
   */
  async *entries(
    bucket: BucketReference,
    visitor?: PageVisitor,
  ): AsyncGenerator<readonly BucketEntry[]> {
    const { value, offset } = bucket.element;
    if (value.length < BUCKET_HEADER_BYTES) {
      throw this.#corrupt(offset, `bucket ${bucket.name} has no root`);
    }
    const root = readUint64(value, 0);
    if (root === 0) {
      yield this.#plain(bucket, this.#inlineElements(bucket));
      return;
    }
    for await (const elements of readTree(this.#pages, { page: root, offset }, visitor)) {
      yield this.#plain(bucket, elements);
    }
  }

  #inlineElements({ name, element }: BucketReference): readonly LeafElement[] {
    const bytes = element.value.subarray(BUCKET_HEADER_BYTES);
    if (bytes.length < PAGE_HEADER_BYTES) {
      throw this.#corrupt(element.offset, `bucket ${name} has no inline page`);
    }
    const offset = element.valueOffset + BUCKET_HEADER_BYTES;
    return decodeLeaf({ header: readPageHeader(bytes), bytes, file: this.#pages.file, offset });
  }

  #plain(bucket: BucketReference, elements: readonly LeafElement[]): readonly LeafElement[] {
    const nested = elements.find((element) => element.isBucket);
    if (nested !== undefined) {
      throw this.#corrupt(nested.offset, `bucket ${bucket.name} holds another bucket`);
    }
    return elements;
  }

  #corrupt(offset: number, reason: string): CorruptionError {
    return new CorruptionError(this.#pages.file, offset, reason);
  }
}

/** The valid meta page of the newer transaction. */
async function readMeta(source: RandomAccessSource): Promise<Meta> {
  const first = await readMetaAt(source, 0);
  if (typeof first !== "string") {
    const second = await readMetaAt(source, first.pageSize);
    const isSecondNewer = typeof second !== "string" && second.txid > first.txid;
    return assertBounds(isSecondNewer ? second : first, source.name);
  }
  for (let exponent = PAGE_SIZE_EXPONENTS.min; exponent <= PAGE_SIZE_EXPONENTS.max; exponent++) {
    const second = await readMetaAt(source, 2 ** exponent);
    if (typeof second !== "string" && second.pageSize === 2 ** exponent) {
      return assertBounds(second, source.name);
    }
  }
  throw new CorruptionError(source.name, 0, `no valid meta page: ${first}`);
}

async function readMetaAt(source: RandomAccessSource, offset: number): Promise<Meta | string> {
  const length = Math.max(0, Math.min(META_BYTES, source.size - offset));
  if (length < META_BYTES) {
    return "file too short for a meta page";
  }
  return decodeMeta(asBuffer(await source.read(offset, length)));
}

function assertBounds(meta: Meta, file: string): Meta {
  const { highWater, root, pageSize } = meta;
  if (!Number.isSafeInteger(highWater * pageSize) || highWater <= FIRST_DATA_PAGE) {
    throw new CorruptionError(file, 0, `high water ${highWater} is none`);
  }
  if (root < FIRST_DATA_PAGE || root >= highWater) {
    throw new CorruptionError(file, 0, `root page ${root} out of bounds [2, ${highWater})`);
  }
  return meta;
}
