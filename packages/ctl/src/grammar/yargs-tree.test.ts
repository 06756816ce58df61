import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOT } from "../commands/tree/root.ts";
import { completions } from "./yargs-tree.ts";

const complete = (line: string): Promise<readonly string[]> => completions(ROOT, line.split(" "));

test("commands are completed", async () => {
  assert.deepEqual(await complete("me"), ["member"]);
  assert.deepEqual(await complete("member "), ["add", "list", "promote", "remove", "update"]);
  assert.deepEqual(await complete("lease re"), ["revoke"]);
});

test("flags are completed, the global ones too", async () => {
  assert.deepEqual(await complete("get --pr"), ["--prefix", "--print-value-only"]);
  assert.deepEqual(await complete("endpoint status --cl"), ["--cluster"]);
  assert.deepEqual(await complete("put a b --endp"), ["--endpoints"]);
});

test("known values are completed", async () => {
  assert.deepEqual(await complete("get --sort-by V"), ["VALUE", "VERSION"]);
});
