import type { BucketIterator } from "./backend.ts";
import type { EngineEntry } from "./engine.ts";

const ITEMS_PER_READ = 512;

/** Everything an iterator has, in batches; closes it, also when the walk is left early. */
export async function* entryBatches(
  iterator: BucketIterator,
): AsyncGenerator<readonly EngineEntry[]> {
  try {
    for (;;) {
      const entries = await iterator.next(ITEMS_PER_READ);
      if (entries.length === 0) return;
      yield entries;
    }
  } finally {
    await iterator.close();
  }
}
