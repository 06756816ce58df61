/** docs/compatibility.md against the code: every flag stands under what is true of it, every service is named. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FLAG_SECTIONS } from "../packages/server/src/config/flags/flags.ts";

const text = readFileSync(join(import.meta.dirname, "../docs/compatibility.md"), "utf8");

/** The text of a section, up to the next heading of any level. */
function section(title: string): string {
  const start = text.indexOf(`### ${title}\n`);
  assert.notEqual(start, -1, `docs/compatibility.md has no section ${title}`);
  const body = text.slice(start + title.length + 4);
  return body.slice(0, body.search(/^#/m));
}

const sections = {
  works: section("Works"),
  idle: section("Accepted without effect"),
  planned: section("Not yet"),
};

test("every flag stands in the section of its support, and in no other", () => {
  const wrong: string[] = [];
  for (const { name, support } of FLAG_SECTIONS.flatMap(({ flags }) => flags)) {
    for (const [kind, body] of Object.entries(sections)) {
      const listed = new RegExp(`^- .*\`${name}\``, "m").test(body);
      if (listed !== (kind === support)) wrong.push(`${name}: ${support}, see section ${kind}`);
    }
  }
  assert.deepEqual(wrong, []);
});
