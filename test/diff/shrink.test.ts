import assert from "node:assert/strict";
import { test } from "node:test";
import { generateProgramme } from "./generate/programme.ts";
import { type Programme, showStep, type Step } from "./programme.ts";
import { shrink, simplerValues } from "./shrink.ts";

const PUT = "/etcdserverpb.KV/Put";
const TXN = "/etcdserverpb.KV/Txn";

const isCall = (step: Step, path: string): boolean => step.do === "call" && step.path === path;

/** Shows when a put comes before a transaction that has a range with a limit in it. */
function showsPutThenLimit({ steps }: Programme): Promise<boolean> {
  const put = steps.findIndex((step) => isCall(step, PUT));
  const txn = steps.findLastIndex(
    (step) => isCall(step, TXN) && showStep(step).includes('"limit":3'),
  );
  return Promise.resolve(put >= 0 && put < txn && txn === steps.length - 1);
}

test("a programme is shrunk to the steps and arguments that matter", async () => {
  const programme = generateProgramme(4, 200);
  const last: Step = {
    do: "call",
    path: TXN,
    request: {
      compare: [{ key: "a", version: 1 }],
      success: [
        { request_put: { key: "b" } },
        { request_range: { key: "a", limit: 3, keys_only: true } },
      ],
    },
  };
  const steps = [...programme.steps, last, ...programme.steps];
  const shortest = await shrink(
    { ...programme, steps },
    programme.steps.length,
    showsPutThenLimit,
    400,
  );
  assert.deepEqual(shortest.steps.map(showStep), [
    `${PUT} {}`,
    `${TXN} {"success":[{"request_range":{"limit":3}}]}`,
  ]);
});

test("the budget of runs is kept", async () => {
  let runs = 0;
  const counted = (): Promise<boolean> => Promise.resolve(++runs < 0);
  await shrink(generateProgramme(1, 100), 50, counted, 7);
  assert.equal(runs, 7);
});

test("references and truths are not simplified away into something else", () => {
  assert.deepEqual(simplerValues({ $rev: -3 }), []);
  assert.deepEqual(simplerValues(true), []);
});
