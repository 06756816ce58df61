/** A short differential run against real etcd; `pnpm test:diff` makes long ones. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { goTools } from "../harness/go-tools.ts";
import { describe as script, runSeed } from "./differential.ts";

const OPTIONS = { left: "etcd", right: "kvorum", calls: 300, shrinkRunsMax: 40 } as const;
const tools = await goTools("etcd");

describe("the same calls to etcd and to Kvorum", { skip: tools.skip }, () => {
  // The third seed's servers have small limits.
  for (const seed of [2, 3]) {
    test(`seed ${seed}: every answer is the same, or known to differ`, async () => {
      const { found } = await runSeed(seed, OPTIONS);
      assert.equal(found && script(found.programme, found.difference, OPTIONS), undefined);
    });
  }
});
