import type { Engine, EngineSnapshot } from "./engine.ts";

/**
 * A view of the engine that reads of blocks share. LevelDB guards the making of a view, which each read
 * without one comes down to, with the lock that it holds while it deletes files, and while it notes what
 * a compaction has made: the event loop would stand still for it.
 */
export class BlockView {
  readonly #engine: Engine;
  readonly #snapshot: EngineSnapshot;
  /** Name of the last block that it has. */
  readonly #last: string;
  #readers = 0;
  #isRetired = false;

  /** Takes the view now. `last`: the highest block that is durable; they are never written out of order. */
  constructor(engine: Engine, last: string) {
    this.#engine = engine;
    this.#snapshot = engine.snapshot();
    this.#last = last;
  }

  /** Whether it has the block, as it was when the view was taken: records may have been deleted since. */
  has(block: string): boolean {
    return block <= this.#last;
  }

  /** Not after `retire`. */
  async read(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    this.#readers++;
    try {
      return await this.#engine.getMany(keys, this.#snapshot);
    } finally {
      this.#readers--;
      await this.#closeIfUnused();
    }
  }

  /** Has it closed as soon as nobody reads. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.#closeIfUnused();
  }

  async #closeIfUnused(): Promise<void> {
    if (this.#isRetired && this.#readers === 0) {
      await this.#snapshot.close();
    }
  }
}
