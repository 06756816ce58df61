/** What etcdctl said to etcd, kept in files so that no Go is needed to hold kvorumctl against it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Entry } from "./session.ts";

const fileOf = (name: string): string => join(import.meta.dirname, "testdata", `${name}.txt`);

/** An entry begins with the line that was typed; what was said begins with `|`, `!`, `\` or `exit`. */
const TITLE = /^(?:pty)?\$ /;

export function writeRecorded(name: string, entries: readonly Entry[]): void {
  writeFileSync(fileOf(name), entries.map(({ title, text }) => `${title}\n${text}`).join("\n"));
}

export function readRecorded(name: string): Entry[] {
  const entries: { title: string; text: string }[] = [];
  for (const line of readFileSync(fileOf(name), "utf8").split("\n")) {
    const last = entries.at(-1);
    if (TITLE.test(line)) entries.push({ title: line, text: "" });
    else if (last !== undefined && line !== "") last.text += `${line}\n`;
  }
  return entries;
}
