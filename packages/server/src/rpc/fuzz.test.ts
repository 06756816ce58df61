import assert from "node:assert/strict";
import { test } from "node:test";
import { runFuzzSession } from "./testing/fuzz-session.ts";

const SESSIONS = 300;

test(`sessions of bent frames leave nothing behind (${SESSIONS} seeds; more with test/fuzz/http2.ts)`, async () => {
  for (let seed = 1; seed <= SESSIONS; seed++) {
    await assert.doesNotReject(runFuzzSession(seed), `seed ${seed}`);
  }
});
