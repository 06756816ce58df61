/**
 * Those who disturb a server stand for other machines: what they cost there must not be charged to it.
 * So they get what CPU nobody else wants, and write to memory: a file on the disk that the server's log
 * is synced to would be written out by the very next sync. Both servers are treated alike.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

const MEMORY = "/dev/shm";
const NICE: readonly string[] = ["nice", "-n", "19"];

/** The command line, to be run beside everything else. */
export function asBystander(command: readonly string[]): [string, ...string[]] {
  return [...NICE, ...command] as [string, ...string[]];
}

/** A new folder, in memory where the system has files there. The caller removes it. */
export function bystandersFolder(): string {
  return mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), "kvorum-bench-"));
}

/** Keeps every CPU busy for so long, with what nobody else wants of it, and touches nothing. */
export async function keepCpusBusy(timeout: number): Promise<void> {
  const [command, ...args] = asBystander([process.execPath, "-e", "for (;;);"]);
  const ends: Promise<unknown>[] = [];
  for (let cpu = 0; cpu < availableParallelism(); cpu++) {
    ends.push(once(spawn(command, args, { stdio: "ignore", timeout }), "close"));
  }
  await Promise.all(ends);
}
