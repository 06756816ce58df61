import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Deadlines, type Expiring } from "./deadlines.ts";
import { ManualClock } from "../env/testing/manual-clock.ts";

test("entries expire in order, at their time, unless removed", () => {
  const entries = fc.array(
    fc.record({ delay: fc.integer({ min: 1, max: 500 }), removed: fc.boolean() }),
    {
      maxLength: 50,
    },
  );
  fc.assert(
    fc.property(entries, (plan) => {
      const clock = new ManualClock();
      const deadlines = new Deadlines(clock);
      const startMs = clock.monotonicMs();
      const expired: number[] = [];
      const all = plan.map(({ delay }) => {
        const entry: Expiring = {
          deadlineMs: startMs + delay,
          deadlinePlace: -1,
          onDeadline: () => {
            expired.push(delay);
            assert.ok(clock.monotonicMs() >= entry.deadlineMs - 1);
          },
        };
        deadlines.add(entry);
        return entry;
      });
      for (const [index, { removed }] of plan.entries()) {
        if (!removed) continue;
        deadlines.remove(all[index]!);
        deadlines.remove(all[index]!);
      }
      clock.advance(250);
      clock.advance(250);
      const kept = plan.filter(({ removed }) => !removed).map(({ delay }) => delay);
      assert.deepEqual(
        expired,
        kept.sort((a, b) => a - b),
      );
      assert.equal(deadlines.size, 0);
    }),
    { numRuns: 200 },
  );
});
