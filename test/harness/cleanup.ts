/**
 * What a test process must not leave behind: child processes and temporary folders.
 * Both are registered when they are made and removed when this process ends, however it ends
 * (a SIGKILL excepted: then the runner ends the process group).
 */
import { type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const children = new Set<ChildProcess>();
const folders = new Set<string>();
const releases = new Set<() => void>();

function cleanUp(): void {
  for (const child of children) child.kill("SIGKILL");
  for (const release of releases) release();
  if (process.env["KVORUM_TEST_KEEP"] !== undefined) return;
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

process.on("exit", cleanUp);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => process.exit(1));
}

/** Kills the child at our end, unless it has ended before. */
export function trackChild(child: ChildProcess): void {
  children.add(child);
  child.once("exit", () => children.delete(child));
}

/** A new empty folder, removed at our end (kept when KVORUM_TEST_KEEP is set). */
export function temporaryFolder(label: string): string {
  const folder = mkdtempSync(join(tmpdir(), `kvorum-${label}-`));
  folders.add(folder);
  return folder;
}

/** Runs `release` at our end. */
export function atExit(release: () => void): void {
  releases.add(release);
}
