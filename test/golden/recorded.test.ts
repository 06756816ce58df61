/**
 * kvorumctl with Kvorum against what etcdctl said to etcd, invocation by invocation. It runs within
 * this process wherever that makes no difference; `pnpm test:golden` starts it every time, and asks
 * the three other pairs too.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SCENARIOS } from "./all-scenarios.ts";
import { compareEntries } from "./compare.ts";
import { DIFFERENCES } from "./differences.ts";
import { readRecorded } from "./recorded.ts";
import { invocationCount } from "./scenario.ts";
import { type Column, runScenario } from "./session.ts";

const OURS: Column = { ctl: "kvorumctl", server: "kvorum", here: true };
const INVOCATIONS_MIN = 400;

// Scenarios wait more than they work: for processes, timeouts, members that start.
describe("kvorumctl with Kvorum says what etcdctl says to etcd", { concurrency: 3 }, () => {
  for (const scenario of SCENARIOS) {
    test(`${scenario.name}: ${invocationCount(scenario)} invocations`, async () => {
      const entries = await runScenario(scenario, OURS);
      const recorded = readRecorded(scenario.name);
      assert.equal(compareEntries(scenario.name, OURS, recorded, entries).join("\n"), "");
      assert.equal(entries.length, recorded.length);
    });
  }
});

test("the list is long, and what differs on purpose is in it and does differ", () => {
  const counts = SCENARIOS.map(invocationCount);
  assert.ok(counts.reduce((sum, count) => sum + count, 0) >= INVOCATIONS_MIN);
  for (const { scenario, title, says } of DIFFERENCES) {
    const entry = readRecorded(scenario).find((one) => one.title === title);
    assert.ok(entry, `${scenario} has no ${title}`);
    assert.notEqual(entry.text, says);
  }
});
