import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Event, KeyValue } from "../gen/kv.ts";
import { ResponseHeader, WatchResponse } from "../gen/rpc.ts";
import { WatchPosition } from "./watch-position.ts";

function event(modRevision: number, key: string): Event {
  return Event.create({ kv: KeyValue.create({ key: Buffer.from(key), modRevision }) });
}

function created(revision: number): WatchResponse {
  return WatchResponse.create({ created: true, header: ResponseHeader.create({ revision }) });
}

function names(events: readonly Event[]): string[] {
  return events.map(
    (each) => `${Buffer.from(each.kv?.key ?? []).toString()}@${each.kv?.modRevision}`,
  );
}

/** What a server sends from a revision on: each response some revisions, split or not. */
function serverResponses(
  history: readonly Event[],
  from: number,
  shape: { revisionsEach: number; isFragmented: boolean },
): WatchResponse[] {
  const events = history.filter((each) => (each.kv?.modRevision ?? 0) >= from);
  const revisions = [...new Set(events.map((each) => each.kv?.modRevision))];
  const responses: WatchResponse[] = [];
  for (let i = 0; i < revisions.length; i += shape.revisionsEach) {
    const wanted = new Set(revisions.slice(i, i + shape.revisionsEach));
    const part = events.filter((each) => wanted.has(each.kv?.modRevision));
    if (!shape.isFragmented) {
      responses.push(WatchResponse.create({ events: part }));
      continue;
    }
    for (const [j, single] of part.entries()) {
      const fragment = j < part.length - 1;
      responses.push(WatchResponse.create({ events: [single], fragment }));
    }
  }
  return responses;
}

describe("WatchPosition", () => {
  test("a new watch goes on after the revision it was created at", () => {
    const position = new WatchPosition(0);
    assert.equal(position.resume(), 0);
    position.accept(created(7));
    assert.equal(position.resume(), 8);
  });

  test("a watch with a start keeps it until events come", () => {
    const position = new WatchPosition(100);
    position.accept(created(7));
    position.accept(WatchResponse.create({ header: ResponseHeader.create({ revision: 50 }) }));
    assert.equal(position.resume(), 100);
    position.accept(WatchResponse.create({ events: [event(120, "a")] }));
    assert.equal(position.resume(), 121);
  });

  test("progress moves it on", () => {
    const position = new WatchPosition(3);
    position.accept(created(7));
    const progress = WatchResponse.create({ header: ResponseHeader.create({ revision: 9 }) });
    assert.equal(position.accept(progress), progress);
    assert.equal(position.resume(), 10);
  });

  test("only the first created response is news", () => {
    const position = new WatchPosition(0);
    assert.ok(position.accept(created(7)));
    assert.equal(position.accept(created(9)), undefined);
    assert.equal(position.resume(), 8);
  });

  test("however streams break, every event is handed on once, in order, in whole revisions", () => {
    const break_ = fc.record({
      responses: fc.nat(6),
      revisionsEach: fc.integer({ min: 1, max: 3 }),
      isFragmented: fc.boolean(),
    });
    const counts = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 12 });
    const property = fc.property(counts, fc.array(break_, { maxLength: 8 }), (sizes, breaks) => {
      const history = sizes.flatMap((size, i) =>
        Array.from({ length: size }, (_, j) => event(10 + i, `k${j}`)),
      );
      const position = new WatchPosition(0);
      const seen: Event[] = [];
      position.accept(created(9));
      const whole = { responses: Infinity, revisionsEach: 2, isFragmented: true };
      for (const stream of [...breaks, whole]) {
        const sent = serverResponses(history, position.resume(), stream);
        for (const response of sent.slice(0, stream.responses)) {
          seen.push(...(position.accept(response)?.events ?? []));
        }
      }
      assert.deepEqual(names(seen), names(history));
    });
    fc.assert(property, { numRuns: 300 });
  });
});
