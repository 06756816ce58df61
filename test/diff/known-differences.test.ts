import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KNOWN_DIFFERENCES } from "./known-differences.ts";

const document = join(import.meta.dirname, "../../docs/compatibility.md");

/** Name and reason of each row of the document's table. */
function documented(): string[][] {
  const text = readFileSync(document, "utf8");
  const section =
    /^## Deliberate differences\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(text)?.[1] ?? "";
  return [...section.matchAll(/^\| (?!what|---)(.*?) \| (.*) \|$/gm)].map(
    ([, name = "", why = ""]) => [name, why],
  );
}

test("the known differences are those of docs/compatibility.md, for the same reasons", () => {
  const known = KNOWN_DIFFERENCES.map(({ name, reason }) => [name, reason]);
  assert.deepEqual(documented(), known);
});

test("no known difference has the name of another", () => {
  const names = KNOWN_DIFFERENCES.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});
