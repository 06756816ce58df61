import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { KeyIndex } from "./key-index.ts";

interface Entry {
  main: number;
  sub: number;
  created: number;
  version: number;
}

/** The plain version: a list of all revisions, searched from the end. */
class NaiveKeyIndex {
  entries: Entry[] = [];

  put(main: number, sub: number): void {
    const last = this.entries.at(-1);
    const isCreate = last === undefined || last.version === 0;
    this.entries.push({
      main,
      sub,
      created: isCreate ? main : last.created,
      version: isCreate ? 1 : last.version + 1,
    });
  }

  tombstone(main: number, sub: number): void {
    this.entries.push({ main, sub, created: 0, version: 0 });
  }

  at(revision: number): Entry | undefined {
    return this.entries.findLast(({ main }) => main <= revision);
  }

  compact(revision: number): Entry[] {
    const newest = this.at(revision);
    const isKept = newest !== undefined && (newest.version > 0 || newest.main === revision);
    const kept = this.entries.filter(
      (entry) => entry.main > revision || (isKept && entry === newest),
    );
    const dropped = this.entries.filter((entry) => !kept.includes(entry));
    this.entries = kept;
    return dropped;
  }
}

function entriesOf(keyIndex: KeyIndex): Entry[] {
  return Array.from({ length: keyIndex.length }, (_, i) => ({
    main: keyIndex.mainAt(i),
    sub: keyIndex.subAt(i),
    created: keyIndex.createdAt(i),
    version: keyIndex.versionAt(i),
  }));
}

test("a key's history equals a plain list under puts, deletes and compactions", () => {
  const stepArb = fc.record({
    op: fc.constantFrom("put", "put", "put", "delete", "compact"),
    gap: fc.integer({ min: 0, max: 3 }),
    back: fc.integer({ min: 0, max: 12 }),
  });
  fc.assert(
    fc.property(fc.array(stepArb, { maxLength: 60 }), (steps) => {
      let real = new KeyIndex();
      const naive = new NaiveKeyIndex();
      let main = 1;
      let sub = 0;
      let compacted = 0;
      for (const { op, gap, back } of steps) {
        main += gap;
        sub = gap === 0 ? sub + 1 : 0;
        if (op === "put") {
          real.put(main, sub);
          naive.put(main, sub);
        } else if (op === "delete" && !real.isDeleted) {
          real.tombstone(main, sub);
          naive.tombstone(main, sub);
        } else if (op === "compact" && real.length > 0 && main - back > compacted) {
          compacted = main - back;
          const dropped: [number, number, boolean][] = [];
          const isLeft = real.compact(compacted, (...revision) => dropped.push(revision));
          assert.deepEqual(
            dropped,
            naive.compact(compacted).map((e) => [e.main, e.sub, e.version === 0]),
          );
          if (!isLeft) {
            assert.deepEqual(naive.entries, []);
            real = new KeyIndex();
          }
        }
        assert.deepEqual(entriesOf(real), naive.entries);
        for (let revision = compacted; real.length > 0 && revision <= main + 1; revision++) {
          const expected = naive.at(revision);
          const position = real.positionAt(revision);
          assert.equal(position < 0 ? undefined : real.mainAt(position), expected?.main);
          assert.equal(real.livePositionAt(revision) >= 0, (expected?.version ?? 0) > 0);
        }
      }
    }),
  );
});

test("a compaction exactly at a tombstone keeps it until the next one", () => {
  const keyIndex = new KeyIndex();
  keyIndex.put(2, 0);
  keyIndex.tombstone(5, 1);
  assert.equal(
    keyIndex.compact(5, () => {}),
    true,
  );
  assert.deepEqual(entriesOf(keyIndex), [{ main: 5, sub: 1, created: 0, version: 0 }]);
  assert.equal(keyIndex.isKeptAt(5, 5, 1, 5), true);
  assert.equal(keyIndex.isKeptAt(5, 5, 1), false);
  assert.equal(
    keyIndex.compact(6, () => {}),
    false,
  );
});

test("revisions must rise", () => {
  const keyIndex = new KeyIndex();
  keyIndex.put(4, 1);
  assert.throws(() => {
    keyIndex.put(4, 1);
  }, /4\.1 is not above 4\.1/);
  assert.throws(() => {
    keyIndex.put(3, 9);
  }, /3\.9 is not above 4\.1/);
});
