/** What processes have used, from /proc: Linux only. */
import { readFileSync, writeFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;
/** Fields of /proc/<pid>/stat behind the command's name, which may hold spaces. */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
/** The same of children that have ended. */
const CHILDREN_USER_TICKS = 13;
const CHILDREN_SYSTEM_TICKS = 14;

function statFields(pid: number | "self"): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** CPU time of the processes together, all their threads included. */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const fields = statFields(pid);
    ticks += Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
  }
  return ticks / TICKS_PER_SECOND;
}

/** CPU time of all processes that this one has started and that have ended. */
export function endedChildrenCpuSeconds(): number {
  const fields = statFields("self");
  const ticks = Number(fields[CHILDREN_USER_TICKS]) + Number(fields[CHILDREN_SYSTEM_TICKS]);
  return ticks / TICKS_PER_SECOND;
}

function statusMiB(pid: number, field: string): number {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, "m");
  return Number(line.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
}

/** Resident memory of the process that has most. */
export function residentMiB(pids: readonly number[]): number {
  return Math.max(...pids.map((pid) => statusMiB(pid, "VmRSS")));
}

/** The most that any of the processes has had resident since `resetPeak`. */
export function peakMiB(pids: readonly number[]): number {
  return Math.max(...pids.map((pid) => statusMiB(pid, "VmHWM")));
}

export function resetPeak(pids: readonly number[]): void {
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
