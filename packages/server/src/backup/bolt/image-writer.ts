/**
 * Writes a bbolt image as a stream: two meta pages, the trees of the buckets, the tree of their
 * names. Nothing is sought back to, so it can go straight into a socket.
 */
import { assert } from "../../lib/assert.ts";
import type { BucketSource } from "./bucket-source.ts";
import type { ImagePlan } from "./image-plan.ts";
import { encodeMetaPage } from "./meta.ts";
import { PageAllocator } from "./page-allocator.ts";
import { TreeWriter } from "./tree-writer.ts";

/** The transaction the image claims to be of; any number will do, page 1 gets the one before. */
const IMAGE_TXID = 2;

/**
 * Yields pages in file order, `plan.bytes` in all, and pulls entries only as pages are pulled.
 * Throws when the buckets do not hold what they held while being planned: what has been yielded by
 * then is to be thrown away.
 */
export async function* writeImage(
  buckets: readonly BucketSource[],
  plan: ImagePlan,
): AsyncGenerator<Buffer> {
  const { pageSize, root, highWater } = plan;
  const meta = { pageSize, root, highWater, freelist: undefined, txid: IMAGE_TXID };
  yield encodeMetaPage(meta);
  yield encodeMetaPage({ ...meta, txid: IMAGE_TXID - 1 });

  const pages = new PageAllocator();
  const ready: Buffer[] = [];
  const emit = (page: Buffer): void => {
    ready.push(page);
  };
  const names = new TreeWriter({ pageSize, pages, inline: false, buckets: true, emit });
  for (const bucket of buckets) {
    const tree = new TreeWriter({ pageSize, pages, inline: true, buckets: false, emit });
    for await (const batch of bucket.entries()) {
      for (const { key, value } of batch) {
        tree.add(key, value);
      }
      assert(pages.highWater <= highWater, `bucket ${bucket.name} has grown since the plan`);
      yield* ready.splice(0);
    }
    names.add(Buffer.from(bucket.name), tree.finish());
  }
  names.finish();
  assert(
    pages.highWater === highWater,
    `image has ${pages.highWater} pages, ${highWater} were planned`,
  );
  yield* ready.splice(0);
}
