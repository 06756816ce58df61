import { appliedKey, decodeApplied, ringEnd, ringStart, verifyRing } from "./applied-record.ts";
import type { StoredApplied } from "./applied-record.ts";
import type { Backend } from "./backend.ts";
import { BlockStore } from "./block-store.ts";
import { engineKey, iterateBucket } from "./bucket-iterator.ts";
import { buckets } from "./buckets.ts";
import { unsealValue } from "./checked-value.ts";
import type { Engine } from "./engine.ts";
import { WriteBehindBackend } from "./write-behind-backend.ts";

/**
 * A backend over an open engine, which belongs to it from then on. Throws `CorruptionError` if a
 * durable checkpoint is missing in the engine; the engine is closed then.
 */
export async function openBackend(engine: Engine): Promise<Backend> {
  try {
    const stored = loadStored(engine);
    if (stored !== undefined) {
      verifyRing(await readRing(engine), stored.checkpoint);
    }
    const blocks = await BlockStore.open(engine);
    return new WriteBehindBackend({ engine, stored, blocks });
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function loadStored(engine: Engine): StoredApplied | undefined {
  const key = engineKey(buckets.backend, appliedKey);
  const sealed = engine.get(key);
  return sealed === undefined ? undefined : decodeApplied(unsealValue(key, sealed));
}

async function readRing(engine: Engine): Promise<Uint8Array[]> {
  const slots: Uint8Array[] = [];
  const iterator = iterateBucket(engine, buckets.backend, { gte: ringStart, lt: ringEnd });
  try {
    for (;;) {
      const entries = await iterator.next(1000);
      if (entries.length === 0) {
        return slots;
      }
      slots.push(...entries.map(([, value]) => value));
    }
  } finally {
    await iterator.close();
  }
}
