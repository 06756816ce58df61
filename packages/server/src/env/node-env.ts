/** The real world: system clock and timers, the kernel's random bytes, the disk, standard error. */
import { randomBytes, randomFillSync, randomInt } from "node:crypto";
import { writeSync } from "node:fs";
import { errorCode } from "../lib/error-code.ts";
import type { Clock, Env, LogLevel, Random, Timer } from "./env.ts";
import { JsonLog } from "./json-log.ts";
import { NodeFileSystem } from "./node-file-system.ts";

class NodeTimer implements Timer {
  readonly #handle: NodeJS.Timeout;

  constructor(delayMs: number, callback: () => void) {
    this.#handle = setTimeout(callback, delayMs);
    this.#handle.unref();
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }
}

export const nodeClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer: (delayMs, callback) => new NodeTimer(delayMs, callback),
  defer: (callback) => {
    setImmediate(callback);
  },
};

/** Random words, fetched many at a time: a call for each costs more than a whole request. */
class RandomWords {
  readonly #words = new BigUint64Array(512);
  #taken: number = this.#words.length;

  next(): bigint {
    if (this.#taken === this.#words.length) {
      randomFillSync(this.#words);
      this.#taken = 0;
    }
    return this.#words[this.#taken++]!;
  }
}

const words = new RandomWords();

export const nodeRandom: Random = {
  nextInt: (exclusiveMax) => randomInt(exclusiveMax),
  nextUint64: () => words.next(),
  bytes: (length) => randomBytes(length),
};

/**
 * Writes all of `line` to a descriptor before returning. A pipe that is full and non-blocking is
 * retried a bounded number of times; then the rest of the line is lost, as is a line to a descriptor
 * that is closed: a log must not stop the daemon.
 */
export function writeLine(fd: number, line: string): void {
  let rest: Uint8Array = Buffer.from(line);
  for (let attempt = 0; attempt < 1000 && rest.length > 0; attempt++) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if (errorCode(error) !== "EAGAIN") {
        return;
      }
    }
  }
}

export interface NodeEnvOptions {
  readonly logLevel: LogLevel;
  /** Where log lines go; standard error by default. */
  readonly writeLog?: (line: string) => void;
}

export function createNodeEnv(options: NodeEnvOptions): Env {
  const write = options.writeLog ?? ((line: string): void => writeLine(2, line));
  return {
    clock: nodeClock,
    random: nodeRandom,
    fs: new NodeFileSystem(),
    log: new JsonLog({ clock: nodeClock, level: options.logLevel, write }),
  };
}
