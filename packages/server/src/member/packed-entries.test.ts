import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createConfState, type Entry } from "../raft/messages.ts";
import { PackedEntries } from "./packed-entries.ts";
import { StableLog } from "./stable-log.ts";

let serial = 0;

function entry(index: number, term: number, bytes: number, isChange = false): Entry {
  // Some are part of something larger.
  const data = Buffer.alloc(bytes * (1 + (serial % 3)), (serial += 1)).subarray(0, bytes);
  return { index, term, type: isChange ? "EntryConfChange" : "EntryNormal", data };
}

const all = (packed: PackedEntries, first: number): Entry[] =>
  Array.from({ length: packed.size }, (_none, at) => packed.at(first + at));

test("packed entries come out as they went in, whatever is cut off at either end", () => {
  const run = fc.record({
    count: fc.nat(600),
    bytes: fc.constantFrom(0, 1, 300, 5000, 70_000),
    isNewTerm: fc.boolean(),
    isChange: fc.boolean(),
  });
  const cut = fc.record({ keep: fc.double({ min: 0, max: 1, noNaN: true }), end: fc.boolean() });
  fc.assert(
    fc.property(fc.array(fc.oneof(run, cut), { maxLength: 12 }), (steps) => {
      const packed = new PackedEntries();
      let model: Entry[] = [];
      let next = 1;
      let term = 1;
      for (const step of steps) {
        if ("count" in step) {
          term += step.isNewTerm ? 1 : 0;
          for (let at = 0; at < step.count % (step.bytes > 1000 ? 5 : 601); at++) {
            const added = entry(next++, term, step.bytes, step.isChange);
            packed.push(added);
            model.push(added);
          }
        } else if (model.length > 0) {
          const kept = Math.floor(step.keep * model.length);
          const first = model[0]!.index;
          if (step.end) {
            packed.truncate(first + kept);
            model = model.slice(0, kept);
            next = first + kept;
          } else {
            packed.dropBefore(first + model.length - kept);
            model = model.slice(model.length - kept);
          }
        }
        assert.equal(packed.size, model.length);
        const first = model[0]?.index ?? next;
        assert.deepEqual(all(packed, first), model);
        for (const { index, term: expected, data } of model) {
          assert.deepEqual([packed.term(index), packed.bytesAt(index)], [expected, data.length]);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("an entry that was taken out stays as it was, whatever comes after it", () => {
  const packed = new PackedEntries();
  const size = 20_000;
  const model = Array.from({ length: size }, (_none, at) => entry(at + 1, 1, 1 + (at % 200)));
  for (const one of model.slice(0, size / 2)) packed.push(one);
  const taken = all(packed, 1);
  packed.dropBefore(size / 2 + 1);
  for (const one of model.slice(size / 2)) packed.push(one);
  assert.deepEqual(taken, model.slice(0, size / 2));
  assert.deepEqual(all(packed, size / 2 + 1), model.slice(size / 2));
});

test("a log of thousands is the same where it is packed and where it is not", () => {
  const model = Array.from({ length: 9_000 }, (_none, at) =>
    entry(at + 1, 1 + (at >> 12), at % 50),
  );
  const log = new StableLog({
    previous: { index: 0, term: 0 },
    entries: model.slice(0, 5_000),
    hardState: { term: 1, vote: 0n, commit: 0 },
    checkpoint: { index: 8_000, term: 2, confState: createConfState() },
  });
  for (let at = 5_000; at < model.length; at += 100) log.append(model.slice(at, at + 100));
  const check = (): void => {
    const first = model[0]!.index;
    const end = first + model.length;
    assert.deepEqual([log.firstIndex(), log.lastIndex()], [first, end - 1]);
    assert.equal(
      log.bytes,
      model.reduce((bytes, { data }) => bytes + data.length, 0),
    );
    assert.deepEqual(log.entries(first, end, Infinity), model);
    for (const { index, term } of model) assert.equal(log.term(index), term);
  };
  check();
  log.compact(3_000);
  model.splice(0, 3_000);
  check();
  const changed = [entry(4_000, 9, 5), entry(4_001, 9, 5)];
  log.append(changed);
  model.splice(999, Infinity, ...changed);
  check();
  log.compact(4_000);
  model.splice(0, 1_000);
  check();
});
