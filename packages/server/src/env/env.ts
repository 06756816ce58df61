/**
 * The seam through which time, randomness, disk and logging enter the daemon.
 *
 * Nothing outside this folder and `main.ts` may touch the clock, timers, `node:fs`, random sources or
 * the standard streams. A simulator replaces every member of `Env` by a deterministic twin and owns
 * time itself, so a whole cluster can run from one seed.
 */
import type { FileSystem } from "./file-system.ts";

/** A pending call made by `Clock.setTimer`. */
export interface Timer {
  /** Idempotent; after it returns the callback will not run. */
  cancel(): void;
}

export interface Clock {
  /** Milliseconds (with fraction) from an arbitrary origin; never goes back. For durations. */
  monotonicMs(): number;
  /** Milliseconds since the Unix epoch; may jump. For display and log stamps only. */
  wallMs(): number;
  /** Runs `callback` once, not before `delayMs` milliseconds have passed. Does not keep the process alive. */
  setTimer(delayMs: number, callback: () => void): Timer;
  /** Runs `callback` in the next turn of the event loop, after pending I/O had its chance. */
  defer(callback: () => void): void;
}

export interface Random {
  /** A uniform integer in `[0, exclusiveMax)`; `exclusiveMax` is in `[1, 2^32]`. */
  nextInt(exclusiveMax: number): number;
  /** 64 uniform bits. */
  nextUint64(): bigint;
  /** `length` uniform bytes, owned by the caller. */
  bytes(length: number): Uint8Array;
}

export type LogLevel = "debug" | "info" | "warn" | "error" | "panic" | "fatal";

/** Extra members of a log line. `bigint` is printed in decimal, an `Error` as its message. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Structured logging, one JSON object a line: `level`, `ts`, `caller`, `msg`, then the fields.
 * A line is handed to the operating system before the call returns. `fatal` only logs: ending the
 * process is up to the caller.
 */
export interface Log {
  debug(msg: string, fields?: LogFields): void;
  info(msg: string, fields?: LogFields): void;
  warn(msg: string, fields?: LogFields): void;
  error(msg: string, fields?: LogFields): void;
  fatal(msg: string, fields?: LogFields): void;
  /** Whether a line of this level would be written; guards fields that are costly to build. */
  enabled(level: LogLevel): boolean;
  /** The same log under another `caller`, for example `member/apply.ts:1`. */
  withCaller(caller: string): Log;
}

export interface Env {
  readonly clock: Clock;
  readonly random: Random;
  readonly fs: FileSystem;
  readonly log: Log;
}
