import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { BinaryReader } from "./reader.ts";
import { BinaryWriter } from "./writer.ts";

describe("BinaryWriter", () => {
  test("what it gives away is not written again, whatever the sizes", () => {
    const size = fc.oneof(fc.nat(40), fc.nat(3_000), fc.nat(40_000), fc.nat(600_000));
    const sizes = fc.array(size, { maxLength: 20 });
    const check = (slabBytes: number, lengths: readonly number[]): void => {
      const writer = new BinaryWriter(slabBytes);
      const results = lengths.map((length, i) => {
        if (length % 3 === 0) {
          writer.raw(Buffer.alloc(length, 255));
          writer.reset();
        }
        writer.byte(i);
        writer.raw(Buffer.alloc(length, i));
        return writer.finish();
      });
      for (const [i, result] of results.entries()) {
        assert.ok(result.equals(Buffer.alloc(1 + (lengths[i] ?? 0), i)));
      }
    };
    fc.assert(fc.property(fc.constantFrom(16, 700, 4096), sizes, check), { numRuns: 60 });
  });

  test("a wrong guess of a part's size is put right, also where the buffer grows", () => {
    const check = (guess: number, length: number): void => {
      const writer = new BinaryWriter(64);
      writer.byte(7);
      const mark = writer.fork(guess);
      writer.raw(Buffer.alloc(length, 1));
      writer.join(mark);
      const reader = new BinaryReader(writer.finish());
      assert.equal(reader.uint32(), 7);
      assert.deepEqual(reader.bytes(), Buffer.alloc(length, 1));
      assert.equal(reader.pos, reader.end);
    };
    const size = fc.oneof(fc.nat(300), fc.nat(40_000));
    fc.assert(fc.property(size, size, check), { numRuns: 100 });
  });

  test("a reset forgets what was not given away", () => {
    const writer = new BinaryWriter();
    writer.byte(1);
    const first = writer.finish();
    writer.byte(2);
    writer.reset();
    writer.byte(3);
    assert.deepEqual([...first, ...writer.view()], [1, 3]);
  });

  test("strings of every length and alphabet are their UTF-8", () => {
    const check = (text: string): void => {
      const writer = new BinaryWriter(32);
      writer.string(text);
      const bytes = writer.finish();
      const reader = new BinaryReader(bytes);
      assert.equal(reader.string(), text);
      assert.deepEqual(new BinaryReader(bytes).bytes().toString(), Buffer.from(text).toString());
    };
    fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), check));
  });
});
