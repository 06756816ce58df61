/**
 * Runs every unit test in one process: one import per `*.test.ts` beside the code it tests.
 * A process per file costs a second each; these tests keep no global state, so they can share.
 *
 * Usage: `pnpm test:unit [part-of-a-path …]`.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(import.meta.dirname, "..");
const wanted = process.argv.slice(2);

function testFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const files = [
  ...["proto", "server", "ctl"].flatMap((name) => testFiles(`packages/${name}/src`)),
  join(root, "test/tidy.test.ts"),
  join(root, "test/compatibility.test.ts"),
].filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));

if (files.length === 0) {
  throw new Error(`no test file matches: ${wanted.join(" ")}`);
}
for (const file of files) {
  await import(pathToFileURL(file).href);
}
