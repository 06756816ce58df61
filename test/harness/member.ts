/**
 * One member as a real process: `kvorum` or `etcd`, told everything by the flags both understand.
 * A restart repeats the same command line on the same data, as an init system would.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { trackChild } from "./cleanup.ts";
import { bareEnvironment } from "./run-command.ts";
import { Hopeless, waitFor } from "./wait-for.ts";

const READY = "ready to serve client requests";
const LOG_LINES_KEPT = 4_000;

/** How a member ended. */
export interface MemberExit {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

export interface MemberOptions {
  readonly name: string;
  /** The program and the arguments that come before every flag. */
  readonly command: readonly string[];
  readonly flags: Readonly<Record<string, string>>;
  readonly clientPort: number;
  readonly peerPort: number;
  readonly dataDir: string;
}

export class Member {
  readonly name: string;
  readonly clientPort: number;
  readonly peerPort: number;
  readonly dataDir: string;
  /** Flags of the next start; change them between runs only. */
  readonly flags: Record<string, string>;
  readonly #command: readonly string[];
  #child: ChildProcess | undefined;
  #exit: MemberExit | undefined;
  #log: string[] = [];
  /** Where the log of the present run begins in `#log`. */
  #runStart = 0;

  constructor(options: MemberOptions) {
    this.name = options.name;
    this.clientPort = options.clientPort;
    this.peerPort = options.peerPort;
    this.dataDir = options.dataDir;
    this.flags = { ...options.flags };
    this.#command = options.command;
  }

  /** host:port, as `--endpoints` takes it. */
  get endpoint(): string {
    return `127.0.0.1:${this.clientPort}`;
  }

  get clientUrl(): string {
    return `http://${this.endpoint}`;
  }

  get peerUrl(): string {
    return `http://127.0.0.1:${this.peerPort}`;
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`member ${this.name} is not running`);
    return pid;
  }

  get argv(): string[] {
    return [
      ...this.#command,
      ...Object.entries(this.flags).map(([flag, value]) => `--${flag}=${value}`),
    ];
  }

  /** The last log lines of all runs, both outputs together. */
  get log(): readonly string[] {
    return this.#log;
  }

  /** Starts the process and returns at once; `ready` waits until it serves. */
  spawn(): void {
    if (this.#child !== undefined) throw new Error(`member ${this.name} runs already`);
    const [program = "", ...args] = this.argv;
    const child = spawn(program, args, {
      env: bareEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    trackChild(child);
    this.#child = child;
    this.#exit = undefined;
    this.#runStart = this.#log.length;
    for (const output of [child.stdout, child.stderr]) {
      (output as Socket).unref();
      createInterface({ input: output }).on("line", (line) => this.#keep(line));
    }
    child.unref(); // a member left running must not keep a finished test process alive
    child.once("error", (error) => this.#keep(`cannot start: ${error.message}`));
    child.once("close", (code, signal) => {
      this.#child = undefined;
      this.#exit = { code: code ?? undefined, signal: signal ?? undefined };
    });
  }

  #keep(line: string): void {
    this.#log.push(line);
    if (this.#log.length <= LOG_LINES_KEPT) return;
    const dropped = this.#log.length - LOG_LINES_KEPT / 2;
    this.#log.splice(0, dropped);
    this.#runStart = Math.max(0, this.#runStart - dropped);
  }

  /** Whether a line of the present run holds `text`. */
  hasLogged(text: string): boolean {
    return this.#log.slice(this.#runStart).some((line) => line.includes(text));
  }

  async waitForLog(text: string, timeoutMs = 30_000): Promise<void> {
    const seen = (): boolean => {
      if (this.hasLogged(text)) return true;
      if (!this.running) {
        throw new Hopeless(`${this.name} has ended, without "${text}":\n${this.logTail()}`);
      }
      return false;
    };
    await waitFor(seen, `"${text}" in the log of ${this.name}`, { timeoutMs, intervalMs: 20 });
  }

  ready(timeoutMs?: number): Promise<void> {
    return this.waitForLog(READY, timeoutMs);
  }

  async start(): Promise<void> {
    this.spawn();
    await this.ready();
  }

  /** How the process of the present or last run ended, once it has. */
  exited(timeoutMs = 15_000): Promise<MemberExit> {
    return waitFor(() => this.#exit, `the end of ${this.name}`, { timeoutMs, intervalMs: 10 });
  }

  #signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.#signal("SIGKILL");
    await this.exited();
  }

  /** SIGTERM, and how the process then ended. */
  stop(): Promise<MemberExit> {
    this.#signal("SIGTERM");
    return this.exited();
  }

  pause(): void {
    this.#signal("SIGSTOP");
  }

  resume(): void {
    this.#signal("SIGCONT");
  }

  /** Removes everything the member has on disk, as a replaced disk would. */
  wipe(): void {
    if (this.running) throw new Error(`member ${this.name} is running`);
    rmSync(this.dataDir, { recursive: true, force: true });
    const walDir = this.flags["wal-dir"];
    if (walDir !== undefined) rmSync(walDir, { recursive: true, force: true });
  }

  /** The last lines of the log, for a failure message. */
  logTail(lines = 40): string {
    return this.#log.slice(-lines).join("\n");
  }
}

/** The folder of the member's data below `root`. */
export function dataDirOf(root: string, name: string): string {
  return join(root, `${name}.data`);
}
