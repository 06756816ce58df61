import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromBytes } from "./byte-string.ts";
import { quote, quoteRune, unquotePrefix } from "./quote.ts";

const cases: readonly (readonly [string, string])[] = [
  ["plain", '"plain"'],
  ['a"b\\c', String.raw`"a\"b\\c"`],
  ["\x07\b\f\n\r\t\v", String.raw`"\a\b\f\n\r\t\v"`],
  ["\x00\x1f\x7f", String.raw`"\x00\x1f\x7f"`],
  ["ключ é 世界", '"ключ é 世界"'],
  ["\u00a0\u200b\ufeff", String.raw`"\u00a0\u200b\ufeff"`],
  ["\u{e0001}", String.raw`"\U000e0001"`],
  ["\ufffd", '"\ufffd"'],
  ["'", `"'"`],
];

for (const [text, quoted] of cases) {
  test(`quote prints ${quoted} as Go does`, () => assert.equal(quote(text), quoted));
}

test("bytes that are no UTF-8 are printed one by one", () => {
  assert.equal(quote(Uint8Array.of(0x61, 0xff, 0xe4, 0xb8, 0x62)), String.raw`"a\xff\xe4\xb8b"`);
});

test("a rune stands in single quotes", () => {
  assert.equal(quoteRune("x"), "'x'");
  assert.equal(quoteRune("\n"), String.raw`'\n'`);
  assert.equal(quoteRune('"'), `'"'`);
});

test("what is quoted can be read again, whatever the bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = fromBytes(bytes);
      const quoted = quote(bytes);
      assert.deepEqual(unquotePrefix(`${quoted} rest`), { value: text, end: quoted.length });
    }),
  );
});

const readable: readonly (readonly [string, string | undefined])[] = [
  [String.raw`"\x41é\U0001F600\101"`, "Aé😀A"],
  ["`raw \\n text`", "raw \\n text"],
  ['"no end', undefined],
  ["`no end", undefined],
  [String.raw`"\q"`, undefined],
  [String.raw`"\777"`, undefined],
  [String.raw`"\ud800"`, undefined],
  ['"line\nbreak"', undefined],
  ["bare", undefined],
];

for (const [text, value] of readable) {
  test(`unquotePrefix reads ${text}`, () => assert.equal(unquotePrefix(text)?.value, value));
}
