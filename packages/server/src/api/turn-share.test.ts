import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeClock } from "../env/node-env.ts";
import { TurnShare } from "./turn-share.ts";

/** Each look at the clock takes half a millisecond. */
function slowShare(): { share: TurnShare; turn: () => void } {
  let nowMs = 0;
  let deferred: (() => void)[] = [];
  const clock = {
    ...nodeClock,
    monotonicMs: () => (nowMs += 0.5),
    defer: (callback: () => void) => void deferred.push(callback),
  };
  const turn = (): void => {
    const due = deferred;
    deferred = [];
    for (const callback of due) callback();
  };
  return { share: new TurnShare(clock), turn };
}

test("requests go on until the share of the turn is spent, then all wait for the next one", async () => {
  const { share, turn } = slowShare();
  assert.equal(share.spend(), undefined);
  assert.equal(share.spend(), undefined);
  const waits = [share.spend(), share.spend()];
  assert.ok(waits.every((wait) => wait instanceof Promise));
  turn();
  await Promise.all(waits);
  assert.equal(share.spend(), undefined);
});

test("a turn begins with its first request, however long ago the last one was", () => {
  const { share, turn } = slowShare();
  for (let i = 0; i < 5; i++) {
    assert.equal(share.spend(), undefined);
    turn();
  }
});
