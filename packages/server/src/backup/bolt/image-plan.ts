/**
 * Plans an image before its first byte is written: the meta pages at its head name the root page
 * and the high water, and whoever sends it wants to say how much is to come. Reads the lengths of
 * every entry once; keeps a page's worth of them a level.
 */
import type { BucketSource } from "./bucket-source.ts";
import { PageAllocator } from "./page-allocator.ts";
import { DEFAULT_PAGE_SIZE } from "./page.ts";
import { TreeLayout } from "./tree-layout.ts";
import { BUCKET_HEADER_BYTES } from "./tree-writer.ts";

export interface ImagePlan {
  readonly pageSize: number;
  /** Page id of the root bucket's tree. */
  readonly root: number;
  readonly highWater: number;
  /** Size of the image: high water times page size. */
  readonly bytes: number;
}

/** `buckets` in ascending order of name. Rejects when a source does. */
export async function planImage(
  buckets: readonly BucketSource[],
  pageSize: number = DEFAULT_PAGE_SIZE,
): Promise<ImagePlan> {
  const pages = new PageAllocator();
  const names = new TreeLayout({ pageSize, pages, inline: false });
  for (const bucket of buckets) {
    const tree = new TreeLayout({ pageSize, pages, inline: true });
    for await (const batch of bucket.lengths()) {
      addLengths(tree, batch);
    }
    const root = tree.finish();
    const inlineBytes = root.kind === "inline" ? root.contentBytes : 0;
    names.add(Buffer.byteLength(bucket.name), BUCKET_HEADER_BYTES + inlineBytes);
  }
  const root = names.finish();
  return {
    pageSize,
    root: root.kind === "page" ? root.id : 0,
    highWater: pages.highWater,
    bytes: pages.highWater * pageSize,
  };
}

function addLengths(tree: TreeLayout, pairs: ArrayLike<number>): void {
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    tree.add(pairs[index] ?? 0, pairs[index + 1] ?? 0);
  }
}
