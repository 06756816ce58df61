/**
 * The comparison itself on trial: two Kvorums answer the same, and when an answer of one is altered
 * this is found, and shrunk towards the call whose answer it was and what that call needs.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runSeed } from "./differential.ts";
import { pathOf } from "./methods.ts";
import { type CallStep, showStep } from "./programme.ts";
import type { Answer } from "./side.ts";

const BOTH = { left: "kvorum", right: "kvorum" } as const;

/** Forgets the version of the first key-value pair of a range. */
function withoutVersion(step: CallStep, answer: Answer): Answer {
  if (step.path !== pathOf("Range")) return answer;
  const text = JSON.stringify(answer.messages);
  return {
    ...answer,
    messages: JSON.parse(text.replace(/,"version":[^,}]+/, "")) as Answer["messages"],
  };
}

describe("a differential run", () => {
  test("finds no difference between two servers of a kind", async () => {
    const { found } = await runSeed(3, { ...BOTH, calls: 100 });
    assert.equal(found, undefined);
  });

  test("finds an altered answer and shrinks the programme to what shows it", async () => {
    const options = { ...BOTH, calls: 120, plant: withoutVersion, shrinkRunsMax: 14 };
    const { found } = await runSeed(7, options);
    assert.ok(found !== undefined, "the programme has no range that finds a key");
    const { programme, difference } = found;
    const script = programme.steps.map(showStep).join("\n");
    assert.match(difference.mismatches[0]?.path ?? "", /^messages\[0\]\.kvs\[\d+\]\.version$/);
    assert.match(script.split("\n").at(-1) ?? "", /^\/etcdserverpb\.KV\/Range /);
    assert.ok(programme.steps.length <= 12, script);
  });
});
