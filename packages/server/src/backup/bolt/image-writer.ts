/**
 * Writes a bbolt image as a stream: two meta pages, the trees of the buckets, the tree of their
 * names. Nothing is sought back to, so it can go straight into a socket.
 */
import { assert } from "../../lib/assert.ts";
import { EntrySlice, toEntrySlice } from "../../lib/entry-slice.ts";
import type { BucketSource } from "./bucket-source.ts";
import type { ImagePlan } from "./image-plan.ts";
import { encodeMetaPage } from "./meta.ts";
import { PageAllocator } from "./page-allocator.ts";
import type { PageSlabs } from "./page-slabs.ts";
import { TreeWriter } from "./tree-writer.ts";

/** The transaction the image claims to be of; any number will do, page 1 gets the one before. */
const IMAGE_TXID = 2;

/**
 * Yields whole pages in file order, about 128 KiB at a time and `plan.bytes` in all, and pulls entries
 * only as they are pulled. Once the next is pulled, `slabs` may be given a chunk back.
 * Throws when the buckets do not hold what they held while being planned: what has been yielded by
 * then is to be thrown away.
 */
export async function* writeImage(
  buckets: readonly BucketSource[],
  plan: ImagePlan,
  slabs: PageSlabs,
): AsyncGenerator<Buffer> {
  const { pageSize, root, highWater } = plan;
  const meta = { pageSize, root, highWater, freelist: undefined, txid: IMAGE_TXID };
  slabs.allocate(pageSize).set(encodeMetaPage(meta));
  slabs.allocate(pageSize).set(encodeMetaPage({ ...meta, txid: IMAGE_TXID - 1 }));

  const pages = new PageAllocator();
  const names = new TreeWriter({ pageSize, pages, inline: false, buckets: true, slabs });
  for (const bucket of buckets) {
    const tree = new TreeWriter({ pageSize, pages, inline: true, buckets: false, slabs });
    for await (const batch of bucket.entries()) {
      for (const entry of batch) {
        tree.add(toEntrySlice(entry));
      }
      assert(pages.highWater <= highWater, `bucket ${bucket.name} has grown since the plan`);
      yield* slabs.takeFull();
    }
    names.add(EntrySlice.of(Buffer.from(bucket.name), tree.finish()));
  }
  names.finish();
  assert(
    pages.highWater === highWater,
    `image has ${pages.highWater} pages, ${highWater} were planned`,
  );
  yield* slabs.takeRest();
}
