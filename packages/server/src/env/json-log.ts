/** JSON lines in the shape etcd's logger writes: `level`, `ts`, `caller`, `msg`, then the fields. */
import type { Clock, Log, LogFields, LogLevel } from "./env.ts";

const SEVERITY: Readonly<Record<LogLevel, number>> = {
  debug: 0,
  info: 1,
  warn: 2,
  error: 3,
  panic: 4,
  fatal: 5,
};

export interface JsonLogOptions {
  readonly clock: Pick<Clock, "wallMs">;
  /** Lines below this level are dropped. */
  readonly level: LogLevel;
  /** Takes a whole line, newline included, before it returns. */
  readonly write: (line: string) => void;
  readonly caller?: string;
}

export class JsonLog implements Log {
  readonly #options: JsonLogOptions;
  readonly #caller: string;

  constructor(options: JsonLogOptions) {
    this.#options = options;
    this.#caller = options.caller ?? "kvorum/main.ts:1";
  }

  debug(msg: string, fields?: LogFields): void {
    this.#line("debug", msg, fields);
  }

  info(msg: string, fields?: LogFields): void {
    this.#line("info", msg, fields);
  }

  warn(msg: string, fields?: LogFields): void {
    this.#line("warn", msg, fields);
  }

  error(msg: string, fields?: LogFields): void {
    this.#line("error", msg, fields);
  }

  fatal(msg: string, fields?: LogFields): void {
    this.#line("fatal", msg, fields);
  }

  enabled(level: LogLevel): boolean {
    return SEVERITY[level] >= SEVERITY[this.#options.level];
  }

  withCaller(caller: string): Log {
    return new JsonLog({ ...this.#options, caller });
  }

  #line(level: LogLevel, msg: string, fields: LogFields | undefined): void {
    if (!this.enabled(level)) {
      return;
    }
    const ts = formatTimestamp(this.#options.clock.wallMs());
    const line = { level, ts, caller: this.#caller, msg, ...fields };
    this.#options.write(`${JSON.stringify(line, printable)}\n`);
  }
}

/** `2006-01-02T15:04:05.000000Z`: microseconds, UTC. */
export function formatTimestamp(wallMs: number): string {
  const micros = Math.floor((wallMs - Math.floor(wallMs)) * 1000);
  const milliseconds = new Date(Math.floor(wallMs)).toISOString().slice(0, -1);
  return `${milliseconds}${String(micros).padStart(3, "0")}Z`;
}

/** `this` holds the member as it was given; of a `Buffer`, `value` is already a list of numbers. */
function printable(this: Record<string, unknown>, name: string, value: unknown): unknown {
  if (typeof value === "bigint") {
    return value.toString();
  }
  if (value instanceof Error) {
    return value.cause === undefined ? value.message : `${value.message}: ${text(value.cause)}`;
  }
  const raw = this[name];
  return raw instanceof Uint8Array ? Buffer.from(raw).toString("base64") : value;
}

function text(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
