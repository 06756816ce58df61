/** Writes made by many clients at once, and how long they took. */
import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { PutRequest } from "@kvorum/proto";
import type { Client } from "@kvorum/proto/client";
import { errorText } from "./error-text.ts";
import { toBytes } from "./go/byte-string.ts";

export interface WriteLoad {
  /** One write at a time each. */
  readonly clients: readonly Client[];
  readonly prefix: string;
  /** Bytes of each key after the prefix. */
  readonly keyBytes: number;
  readonly valueBytes: number;
  /** Writes in all; no end when absent. */
  readonly count?: number;
  /** Writes are begun at this pace, and no faster than they are answered. */
  readonly perSecond?: number;
  /** After this no write is begun; no end when absent. */
  readonly durationMs?: number;
  readonly signal: AbortSignal;
  readonly onWrite?: (done: number) => void;
}

/** Times are seconds. */
export interface LoadStats {
  readonly writesPerSecond: number;
  readonly slowest: number;
  readonly stddev: number;
  /** How often each error was met. */
  readonly errors: ReadonlyMap<string, number>;
}

const RANDOM_BYTES = 9;
const MS_PER_SECOND = 1000;

class LoadRun {
  readonly #load: WriteLoad;
  readonly #value: Uint8Array;
  readonly #prefix: Uint8Array;
  readonly #start = performance.now();
  readonly #seconds: number[] = [];
  readonly #errors = new Map<string, number>();
  #begun = 0;
  #done = 0;

  constructor(load: WriteLoad) {
    this.#load = load;
    this.#prefix = toBytes(load.prefix);
    this.#value = Buffer.alloc(load.valueBytes);
  }

  async run(): Promise<LoadStats> {
    await Promise.all(this.#load.clients.map((client) => this.#work(client)));
    return this.#stats((performance.now() - this.#start) / MS_PER_SECOND);
  }

  async #work(client: Client): Promise<void> {
    while (await this.#mayBegin()) await this.#write(client);
  }

  /** Waits for the turn of the next write; false when there is none. */
  async #mayBegin(): Promise<boolean> {
    const { count = Infinity, perSecond = Infinity, durationMs = Infinity, signal } = this.#load;
    const number = this.#begun++;
    const due = (number / perSecond) * MS_PER_SECOND;
    if (number >= count || due >= durationMs || signal.aborted) return false;
    const wait = due - (performance.now() - this.#start);
    if (wait > 0) await pause(wait, undefined, { signal }).catch(() => undefined);
    return !signal.aborted && performance.now() - this.#start < durationMs;
  }

  async #write(client: Client): Promise<void> {
    const random = Buffer.alloc(this.#load.keyBytes);
    randomBytes(RANDOM_BYTES).copy(random);
    const key = Buffer.concat([this.#prefix, random]);
    const start = performance.now();
    try {
      await client.kv.put(PutRequest.create({ key, value: this.#value }));
      this.#seconds.push((performance.now() - start) / MS_PER_SECOND);
    } catch (error) {
      const text = errorText(error);
      this.#errors.set(text, (this.#errors.get(text) ?? 0) + 1);
    }
    this.#load.onWrite?.(++this.#done);
  }

  #stats(total: number): LoadStats {
    const count = this.#seconds.length;
    const average = this.#seconds.reduce((sum, one) => sum + one, 0) / count;
    const squares = this.#seconds.reduce((sum, one) => sum + (one - average) ** 2, 0);
    return {
      writesPerSecond: count / total,
      slowest: this.#seconds.reduce((most, one) => Math.max(most, one), 0),
      stddev: Math.sqrt(squares / count),
      errors: this.#errors,
    };
  }
}

/** Resolves when every write that was begun has been answered. */
export function runWriteLoad(load: WriteLoad): Promise<LoadStats> {
  setMaxListeners(load.clients.length, load.signal); // Each waits for its turn, or the end.
  return new LoadRun(load).run();
}
