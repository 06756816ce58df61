/**
 * When the index image is written, and when it is believed. It is written at a clean stop, of a store
 * that is at rest and wholly in its last checkpoint; it is read at the next start, only if the store is
 * at that checkpoint still, and is gone before anything can be applied. So there is never one that is
 * older than the last stop.
 */
import type { Clock, Env, Log } from "../env/env.ts";
import type { Pause } from "../lib/key-order.ts";
import type { Backend } from "../storage/backend.ts";
import { finishedCompactKey, readCompactRevision, scheduledCompactKey } from "./compact-marks.ts";
import { ImageError } from "./index/image-error.ts";
import type { ImageOrigin } from "./index/image-header.ts";
import {
  type ImagePlace,
  type LoadedImage,
  readIndexImage,
  removeIndexImage,
  writeIndexImage,
} from "./index/index-image.ts";
import type { StoreState } from "./store-state.ts";
import { TurnSlicer } from "./turn.ts";

/** Where the index image is kept. */
export interface IndexImages {
  readonly env: Pick<Env, "fs" | "log">;
  /** The directory of the live store: what takes its place takes that of its image too. */
  readonly directory: () => string;
}

/** The image of the store as it is now; undefined if there is none to be believed. It is used up. */
export async function takeImage(
  backend: Backend,
  images: IndexImages,
  pause: Pause,
): Promise<LoadedImage | undefined> {
  const place = placeOf(images);
  const origin = originOf(backend);
  const image = origin === undefined ? undefined : await tryRead(place, origin, pause, images);
  await removeIndexImage(place);
  if (image !== undefined) {
    images.env.log.info("took the index from its image", { keys: image.header.size });
  }
  return image;
}

async function tryRead(
  place: ImagePlace,
  origin: ImageOrigin,
  pause: Pause,
  { env }: IndexImages,
): Promise<LoadedImage | undefined> {
  try {
    return await readIndexImage(place, origin, pause);
  } catch (error) {
    env.log.warn("the index image cannot be used; reading all keys instead", { error });
    return undefined;
  }
}

/**
 * Leaves an image for the next start, if the store is at rest and wholly durable. Never rejects: without
 * one a start takes longer.
 */
export async function leaveImage(
  state: StoreState,
  images: IndexImages,
  clock: Clock,
): Promise<void> {
  const { backend, currentRevision, keysTotal } = state;
  const slicer = new TurnSlicer(clock);
  try {
    const origin = originOf(backend);
    if (origin !== undefined && backend.pendingBytes === 0) {
      const facts = { ...origin, currentRevision, keysTotal };
      await writeIndexImage(placeOf(images), state.index, facts, () => slicer.pause());
    }
  } catch (error) {
    warnOfFailure(images.env.log, error);
  }
}

function warnOfFailure(log: Log, error: unknown): void {
  const reason = error instanceof ImageError ? "is not written" : "cannot be written";
  log.warn(`the index image ${reason}; the next start reads all keys instead`, { error });
}

/** Undefined while a compaction is unfinished, or nothing was ever applied: there is no image of that. */
function originOf(backend: Backend): ImageOrigin | undefined {
  const applied = backend.loadApplied();
  const compactRevision = readCompactRevision(backend, finishedCompactKey) ?? -1;
  const scheduled = readCompactRevision(backend, scheduledCompactKey) ?? -1;
  return applied === undefined || scheduled !== compactRevision
    ? undefined
    : {
        checkpoint: backend.checkpointNumber,
        appliedIndex: applied.index,
        appliedTerm: applied.term,
        compactRevision,
      };
}

function placeOf({ env, directory }: IndexImages): ImagePlace {
  return { fs: env.fs, directory: directory() };
}
