import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { OpenStreams } from "./open-streams.ts";
import { Http2Stream, type StreamHost } from "./stream.ts";

const host = {} as StreamHost;
const streamOf = (id: number): Http2Stream => new Http2Stream(id, host, 0, -1);

const idsOf = (streams: Iterable<Http2Stream>): number[] =>
  [...streams].map(({ id }) => id).toSorted((a, b) => a - b);

test("streams are found by id like in a map, however ids skip and whoever stays open", () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ skip: fc.constantFrom(0, 0, 0, 1, 15, 16, 1023, 1024) }) },
    { weight: 2, arbitrary: fc.record({ close: fc.nat() }) },
  );
  const steps = fc.array(step, { maxLength: 3000, size: "max" });
  fc.assert(
    fc.property(steps, (taken) => {
      const open = new OpenStreams();
      const model = new Map<number, Http2Stream>();
      let id = 1;
      for (const one of taken) {
        if ("skip" in one) {
          id += 2 * one.skip;
          const stream = streamOf(id);
          open.add(stream);
          model.set(id, stream);
          id += 2;
        } else if (model.size > 0) {
          const closed = [...model.keys()][one.close % model.size]!;
          open.delete(closed);
          model.delete(closed);
          assert.equal(open.get(closed), undefined);
        }
        assert.equal(open.size, model.size);
      }
      for (const [known, stream] of model) assert.equal(open.get(known), stream);
      assert.deepEqual(idsOf(open.all()), idsOf(model.values()));
      assert.equal(open.get(id), undefined);
    }),
    { numRuns: 40 },
  );
});

test("a stream that was never added is not deleted in place of its neighbour", () => {
  const open = new OpenStreams();
  open.add(streamOf(1));
  open.delete(33);
  assert.equal(open.get(1)?.id, 1);
  assert.equal(open.size, 1);
});
