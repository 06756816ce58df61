import { readFileSync } from "node:fs";

/** What systems grant at least, for those that do not say. */
const USUAL = 1024;

/** How many files this process may have open at a time; Node has raised the limit as far as it may go. */
export function openFilesMax(): number {
  try {
    const limits = readFileSync("/proc/self/limits", "latin1");
    const soft = /^Max open files +(\d+|unlimited)/m.exec(limits)?.[1] ?? String(USUAL);
    return soft === "unlimited" ? Infinity : Number(soft);
  } catch {
    // Not Linux.
    return USUAL;
  }
}
