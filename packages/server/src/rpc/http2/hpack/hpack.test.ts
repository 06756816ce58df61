import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { ConnectionError, Http2Code } from "../error-codes.ts";
import { HpackDecoder } from "./decoder.ts";
import { HpackEncoder, OutgoingField } from "./encoder.ts";
import type { HeaderField } from "./header-field.ts";

type Pair = [name: string, value: string];

class Fields {
  readonly pairs: Pair[] = [];
  add({ name, value }: HeaderField): void {
    this.pairs.push([name, value]);
  }
}

function decode(decoder: HpackDecoder, bytes: Uint8Array): Pair[] {
  const fields = new Fields();
  decoder.decode(Buffer.from(bytes), 0, bytes.length, fields);
  return fields.pairs;
}

const fromHex = (hex: string): Buffer => Buffer.from(hex.replaceAll(" ", ""), "hex");

/** RFC 7541, appendix C: requests without and with Huffman, responses with and without eviction. */
const REQUESTS: [hex: string, pairs: Pair[]][] = [
  [
    "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
    [
      [":method", "GET"],
      [":scheme", "http"],
      [":path", "/"],
      [":authority", "www.example.com"],
    ],
  ],
  [
    "8286 84be 5808 6e6f 2d63 6163 6865",
    [
      [":method", "GET"],
      [":scheme", "http"],
      [":path", "/"],
      [":authority", "www.example.com"],
      ["cache-control", "no-cache"],
    ],
  ],
  [
    "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
    [
      [":method", "GET"],
      [":scheme", "https"],
      [":path", "/index.html"],
      [":authority", "www.example.com"],
      ["custom-key", "custom-value"],
    ],
  ],
];

test("the requests of RFC 7541, appendix C.3", () => {
  const decoder = new HpackDecoder(4096);
  for (const [hex, pairs] of REQUESTS) assert.deepEqual(decode(decoder, fromHex(hex)), pairs);
});

test("the responses of RFC 7541, appendix C.6, in a table of 256 bytes that evicts", () => {
  const decoder = new HpackDecoder(256);
  const date = "Mon, 21 Oct 2013 20:13:21 GMT";
  const location = "https://www.example.com";
  assert.deepEqual(
    decode(
      decoder,
      fromHex(
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
      ),
    ),
    [
      [":status", "302"],
      ["cache-control", "private"],
      ["date", date],
      ["location", location],
    ],
  );
  assert.deepEqual(decode(decoder, fromHex("4883 640e ffc1 c0bf")), [
    [":status", "307"],
    ["cache-control", "private"],
    ["date", date],
    ["location", location],
  ]);
  const third = decode(
    decoder,
    fromHex(
      "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
    ),
  );
  assert.deepEqual(third.slice(0, 5), [
    [":status", "200"],
    ["cache-control", "private"],
    ["date", "Mon, 21 Oct 2013 20:13:22 GMT"],
    ["location", location],
    ["content-encoding", "gzip"],
  ]);
  assert.equal(third[5]?.[1], "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1");
});

const MALFORMED: [what: string, hex: string][] = [
  ["index 0", "80"],
  ["an index behind the table", "be"],
  ["a huge index", "ffffffffffff7f"],
  ["an integer without end", "ffffff"],
  ["an integer padded with zeros", "ff80808080808080808000"],
  ["a name that is cut off", "000a6375"],
  ["a value that is cut off", "000161"],
  ["a string longer than the block", "0001617f81"],
  ["Huffman code with bad padding", "0001618100"],
  ["a table larger than allowed", "3fe21f"],
  ["a size update inside of a block", "8220"],
  ["a literal with an index that is not there", "7e0161"],
];

for (const [what, hex] of MALFORMED) {
  test(`refused as COMPRESSION_ERROR: ${what}`, () => {
    assert.throws(
      () => decode(new HpackDecoder(4096), fromHex(hex)),
      (error) => error instanceof ConnectionError && error.code === Http2Code.COMPRESSION_ERROR,
    );
  });
}

test("the table may be emptied and opened again at the start of a block", () => {
  const decoder = new HpackDecoder(4096);
  decode(decoder, fromHex(REQUESTS[0]![0]));
  assert.deepEqual(decode(decoder, fromHex("20 3fe11f 82")), [[":method", "GET"]]);
  assert.throws(() => decode(decoder, fromHex("be")));
});

test("noise never does anything but decode or refuse", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const decoder = new HpackDecoder(4096);
      try {
        decode(decoder, bytes);
      } catch (error) {
        assert.ok(error instanceof ConnectionError);
      }
    }),
    { numRuns: 1000 },
  );
});

const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);
const values = fc.stringMatching(/^[ -~\xa1-\xff]{0,80}$/);
const shared = [
  new OutgoingField(":status", "200"),
  new OutgoingField("content-type", "application/grpc", 0),
  new OutgoingField("grpc-status", "0", 1),
  new OutgoingField("grpc-status", "5", 6),
  new OutgoingField("x-long", "v".repeat(200), 7),
];
const fields = fc.oneof(
  fc.constantFrom(...shared),
  fc.tuple(names, values).map(([name, value]) => new OutgoingField(name, value)),
);

test("what the encoder writes decodes to the same fields, whatever size the peer's table has", () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.array(fields, { maxLength: 8 }) },
    { weight: 1, arbitrary: fc.nat(4096) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const encoder = new HpackEncoder();
      const decoder = new HpackDecoder(4096);
      for (const one of steps) {
        if (typeof one === "number") {
          encoder.setTableBytesMax(one);
          continue;
        }
        const output = Buffer.alloc(encoder.bound(one));
        const end = encoder.write(output, 0, one);
        assert.ok(end <= output.length);
        const expected = one.map(({ name, value }) => [name, value]);
        assert.deepEqual(decode(decoder, output.subarray(0, end)), expected);
      }
    }),
    { numRuns: 300 },
  );
});

test("a pinned field is one byte from its second use on", () => {
  const encoder = new HpackEncoder();
  const output = Buffer.alloc(200);
  const [status, type, ok] = [shared[0]!, shared[1]!, shared[2]!];
  assert.ok(encoder.write(output, 0, [status, type]) > 2);
  assert.equal(encoder.write(output, 0, [status, type]), 2);
  assert.ok(encoder.write(output, 0, [ok]) > 1);
  assert.equal(encoder.write(output, 0, [ok, type]), 2);
});

interface Story {
  readonly cases: readonly { wire: string; headers: Record<string, string>[] }[];
}

const corpus = join(import.meta.dirname, "../../../../../../../shared/hpack-test-case");
const skip = existsSync(corpus) ? false : "the hpack-test-case corpus is not beside the repository";

test("every story of hpack-test-case", { skip }, () => {
  let cases = 0;
  for (const encoder of readdirSync(corpus, { withFileTypes: true })) {
    if (!encoder.isDirectory()) continue;
    for (const file of readdirSync(join(corpus, encoder.name))) {
      const text = readFileSync(join(corpus, encoder.name, file), "utf8");
      const decoder = new HpackDecoder(4096);
      for (const { wire, headers } of (JSON.parse(text) as Story).cases) {
        const expected = headers.flatMap((header) => Object.entries(header));
        assert.deepEqual(decode(decoder, fromHex(wire)), expected, `${encoder.name}/${file}`);
        cases += 1;
      }
    }
  }
  assert.ok(cases > 100, `${cases} cases`);
});
