import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../env/testing/manual-clock.ts";
import { Foreground, nextTurn, TurnSlicer } from "./turn.ts";

const SOME_TURNS = 10;

/** A slicer at the end of its slice, and whether it goes on. */
function atPause(clock: ManualClock, foreground?: Foreground) {
  const slicer = new TurnSlicer(clock, foreground);
  clock.advance(1);
  let goesOn = false;
  const paused = slicer.pause().then(() => {
    goesOn = true;
  });
  return { paused, goesOn: () => goesOn };
}

async function someTurns(clock: ManualClock): Promise<void> {
  for (let turn = 0; turn < SOME_TURNS; turn++) await nextTurn(clock);
}

test("long work goes on in the next turn when nobody waits for anything", async () => {
  const clock = new ManualClock();
  const foreground = new Foreground();
  foreground.begin();
  const { goesOn: withoutForeground } = atPause(clock);
  await someTurns(clock);
  assert.equal(withoutForeground(), true);
  foreground.end();
  const { goesOn } = atPause(clock, foreground);
  await someTurns(clock);
  assert.equal(goesOn(), true);
});

test("long work stands back until the last request that is under way has its answer", async () => {
  const clock = new ManualClock();
  const foreground = new Foreground();
  foreground.begin();
  foreground.begin();
  const { paused, goesOn } = atPause(clock, foreground);
  await someTurns(clock);
  foreground.end();
  await someTurns(clock);
  assert.equal(goesOn(), false);
  foreground.end();
  assert.equal(goesOn(), false, "the answers leave first");
  await paused;
});

test("long work rests between its slices while others are served, and no longer", async () => {
  const clock = new ManualClock();
  const foreground = new Foreground();
  const slicer = new TurnSlicer(clock, foreground);
  foreground.begin();
  foreground.end();
  clock.advance(1);
  let goesOn = false;
  const paused = slicer.pause().then(() => {
    goesOn = true;
  });
  await someTurns(clock);
  assert.equal(goesOn, false);
  clock.advance(1);
  await paused;
  clock.advance(1);
  await slicer.pause();
});

test("long work does not stand back for ever", async () => {
  const clock = new ManualClock();
  const foreground = new Foreground();
  foreground.begin();
  const { paused, goesOn } = atPause(clock, foreground);
  await someTurns(clock);
  clock.advance(2);
  await someTurns(clock);
  assert.equal(goesOn(), false);
  clock.advance(1);
  await paused;
});

test("a request that comes while the answers leave is waited for as well", async () => {
  const clock = new ManualClock();
  const foreground = new Foreground();
  foreground.begin();
  const { paused, goesOn } = atPause(clock, foreground);
  await someTurns(clock);
  foreground.end();
  foreground.begin();
  await someTurns(clock);
  assert.equal(goesOn(), false);
  foreground.end();
  await paused;
});

test("of several that stand back each has patience of its own, and all go on at the end", async () => {
  const clock = new ManualClock();
  const foreground = new Foreground();
  foreground.begin();
  const first = atPause(clock, foreground);
  await someTurns(clock);
  const others = [atPause(clock, foreground), atPause(clock, foreground)];
  await someTurns(clock);
  clock.advance(2);
  await first.paused;
  await someTurns(clock);
  assert.deepEqual(
    others.map(({ goesOn }) => goesOn()),
    [false, false],
  );
  foreground.end();
  await Promise.all(others.map(({ paused }) => paused));
});
