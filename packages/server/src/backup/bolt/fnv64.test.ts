import assert from "node:assert/strict";
import { test } from "node:test";
import { fnv64a } from "./fnv64.ts";

test("fnv64a gives the published test values", () => {
  assert.equal(fnv64a(Buffer.from("")), 0xcbf29ce484222325n);
  assert.equal(fnv64a(Buffer.from("a")), 0xaf63dc4c8601ec8cn);
  assert.equal(fnv64a(Buffer.from("foobar")), 0x85944171f73967e8n);
});
