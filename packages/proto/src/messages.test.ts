import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import protobuf from "protobufjs";
import * as proto from "./index.ts";
import type { FieldInfo, MessageType } from "./index.ts";

type Message = Record<string, unknown>;
type Type = MessageType<Message>;

const protoFolder = join(import.meta.dirname, "../proto");
const files = readdirSync(protoFolder).filter((name) => name.endsWith(".proto"));
const schema = new protobuf.Root();
schema.resolvePath = (_origin, target) => join(protoFolder, basename(target));
schema.loadSync(files, { keepCase: true });
schema.resolveAll();

const types = Object.values(proto).filter(
  (value) => typeof value === "object" && "typeName" in value,
) as unknown as Type[];

function messageNames(object: protobuf.ReflectionObject): string[] {
  const nested = object instanceof protobuf.Namespace ? object.nestedArray : [];
  const inside = nested.flatMap(messageNames);
  return object instanceof protobuf.Type ? [object.fullName.slice(1), ...inside] : inside;
}

const bytesOf = fc.oneof(
  fc.uint8Array({ maxLength: 6 }),
  fc.uint8Array({ minLength: 90, maxLength: 300 }),
);
const textOf = fc.oneof(
  fc.string({ maxLength: 5 }),
  fc.string({ unit: "grapheme", maxLength: 90 }),
);
const signedNumber = fc.oneof(fc.nat(300), fc.maxSafeInteger(), fc.constantFrom(-1, 2 ** 31));
const unsignedNumber = fc.oneof(fc.nat(300), fc.maxSafeNat(), fc.constantFrom(2 ** 32, 2 ** 35));

function scalar(field: FieldInfo): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case "bool":
      return fc.boolean();
    case "bytes":
      return bytesOf.map((bytes) => Buffer.from(bytes));
    case "string":
      return textOf;
    case "enum":
      return fc.constantFrom(...Object.values(field.enumType ?? {}), 77, -3);
    case "int32":
      return fc.integer();
    case "uint32":
      return fc.nat(0xffffffff);
    case "int64":
      return field.bigint ? fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) : signedNumber;
    case "uint64":
      return field.bigint ? fc.bigInt(0n, 2n ** 64n - 1n) : unsignedNumber;
    case "message":
      throw new Error("not a scalar");
  }
}

function fieldArbitrary(field: FieldInfo, depth: number): fc.Arbitrary<unknown> {
  if (field.kind !== "message") {
    const value = scalar(field);
    return field.repeated ? fc.array(value, { maxLength: 3 }) : value;
  }
  if (depth === 0) {
    return fc.constant(field.repeated ? [] : undefined);
  }
  const message = arbitrary(field.messageType as Type, depth - 1);
  return field.repeated ? fc.array(message, { maxLength: 2 }) : message;
}

/** Random messages: some fields, at most one of each oneof. */
function arbitrary(type: Type, depth: number): fc.Arbitrary<Message> {
  const fields = type.fields();
  const values = fields.map((field) => fc.option(fieldArbitrary(field, depth), { nil: undefined }));
  return fc.tuple(...values).map((row) => {
    const init: Message = {};
    const taken = new Set<string>();
    for (const [i, field] of fields.entries()) {
      const value = row[i];
      if (value === undefined || (field.oneof !== undefined && taken.has(field.oneof))) continue;
      if (field.oneof !== undefined) taken.add(field.oneof);
      init[field.localName] = value;
    }
    return type.create(init);
  });
}

function isDefault(field: FieldInfo, value: unknown): boolean {
  if (field.oneof !== undefined || value === undefined) return value === undefined;
  if (field.kind === "message" && !field.repeated) return false;
  if (Array.isArray(value) || Buffer.isBuffer(value)) return value.length === 0;
  return value === 0 || value === 0n || value === "" || value === false;
}

function toLong(value: number | bigint, unsigned: boolean): unknown {
  const bits = BigInt.asUintN(64, BigInt(value));
  return { low: Number(bits & 0xffffffffn) | 0, high: Number(bits >> 32n) | 0, unsigned };
}

/** The same message as protobufjs takes it: only what is not default, 64-bit integers in halves. */
function toReflected(type: Type, message: Message): Message {
  const result: Message = {};
  for (const field of type.fields()) {
    const value = message[field.localName];
    if (isDefault(field, value)) continue;
    const convert = (item: unknown): unknown => {
      if (field.kind === "message") return toReflected(field.messageType as Type, item as Message);
      return field.kind.endsWith("64")
        ? toLong(item as number | bigint, field.kind === "uint64")
        : item;
    };
    result[field.name] = field.repeated ? (value as unknown[]).map(convert) : convert(value);
  }
  return result;
}

describe("messages", () => {
  test("every message of the schema has a codec", () => {
    const names = types.map((type) => type.typeName).sort();
    assert.deepEqual(names, messageNames(schema).sort());
    for (const type of types) {
      assert.equal(schema.lookupType(type.typeName).fieldsArray.length, type.fields().length);
    }
  });

  for (const type of types) {
    test(`${type.typeName} is written as protobufjs writes it, and read back`, () => {
      const reflected = schema.lookupType(type.typeName);
      const check = (message: Message): void => {
        const bytes = type.encode(message);
        const expected = reflected.encode(toReflected(type, message)).finish();
        assert.deepEqual(bytes, Buffer.from(expected));
        assert.deepEqual(type.decode(bytes), message);
      };
      fc.assert(fc.property(arbitrary(type, 3), check), { numRuns: 15 });
    });
  }

  test("noise is refused or read, but never breaks out", () => {
    const read = (type: Type, noise: Uint8Array): void => {
      try {
        type.decode(type.encode(type.decode(noise)));
      } catch (error) {
        assert.ok(error instanceof proto.DecodeError, String(error));
      }
    };
    fc.assert(fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 60 }), read), {
      numRuns: 3000,
    });
  });

  test("every prefix of a message is refused or is a message", () => {
    const type = proto.TxnRequest as unknown as Type;
    const check = (message: Message): void => {
      const bytes = type.encode(message);
      for (let length = 0; length < bytes.length; length++) {
        try {
          type.decode(bytes.subarray(0, length));
        } catch (error) {
          assert.ok(error instanceof proto.DecodeError, String(error));
        }
      }
    };
    fc.assert(fc.property(arbitrary(type, 2), check), { numRuns: 10 });
  });
});

describe("protobuf's rules", () => {
  const { Compare, KeyValue, RequestOp, PutRequest, ResponseHeader, WatchCreateRequest } = proto;

  test("fields have their defaults and one order", () => {
    const decoded = Object.keys(PutRequest.decode(PutRequest.encode(PutRequest.create())));
    const created = Object.keys(PutRequest.create({ lease: 3n, key: Buffer.from("k") }));
    assert.deepEqual(decoded, created);
    assert.deepEqual(created, ["key", "value", "lease", "prevKv", "ignoreValue", "ignoreLease"]);
  });

  test("the last member of a oneof wins", () => {
    const put = RequestOp.encode(RequestOp.create({ requestPut: PutRequest.create() }));
    const range = RequestOp.encode(
      RequestOp.create({ requestRange: proto.RangeRequest.create({ limit: 4 }) }),
    );
    const op = RequestOp.decode(Buffer.concat([put, range]));
    assert.equal(op.requestPut, undefined);
    assert.equal(op.requestRange?.limit, 4);
  });

  test("a member of a oneof is written even when it is zero", () => {
    const bytes = Compare.encode(Compare.create({ version: 0 }));
    assert.deepEqual([...bytes], [32, 0]);
    assert.equal(Compare.decode(bytes).version, 0);
    assert.equal(Compare.decode(bytes).lease, undefined);
  });

  test("a message field that occurs twice is merged", () => {
    const first = proto.PutResponse.create({ header: ResponseHeader.create({ revision: 5 }) });
    const second = proto.PutResponse.create({ header: ResponseHeader.create({ raftTerm: 6 }) });
    const both = Buffer.concat([proto.PutResponse.encode(first), proto.PutResponse.encode(second)]);
    const { header } = proto.PutResponse.decode(both);
    assert.deepEqual([header?.revision, header?.raftTerm], [5, 6]);
  });

  test("repeated enums are read packed and not packed", () => {
    assert.deepEqual(WatchCreateRequest.decode(Buffer.of(40, 1, 42, 2, 0, 1)).filters, [1, 0, 1]);
  });

  test("unknown fields of every wire type are passed over", () => {
    const unknown = [
      [0x98, 0x06, 0x80, 0x01],
      [0x99, 0x06, 1, 2, 3, 4, 5, 6, 7, 8],
      [0x9a, 0x06, 2, 1, 1],
      [0x9d, 0x06, 1, 2, 3, 4],
      [0x9b, 0x06, 0x9c, 0x06],
      [0x9b, 0x06, 8, 1, 0x0b, 0x12, 1, 1, 0x0c, 0x9c, 0x06],
    ];
    const bytes = Buffer.from([...unknown.flat(), 32, 9]);
    assert.deepEqual(KeyValue.decode(bytes), KeyValue.create({ version: 9 }));
  });

  test("bytes are views into what was decoded", () => {
    const encoded = KeyValue.encode(KeyValue.create({ key: Buffer.from("abc") }));
    const decoded = KeyValue.decode(encoded);
    assert.equal(decoded.key.buffer, encoded.buffer);
    const foreign = Uint8Array.from(encoded);
    assert.equal(KeyValue.decode(foreign).key.buffer, foreign.buffer);
  });

  test("what it returns is not changed by the next encode", () => {
    const first = KeyValue.encode(KeyValue.create({ value: Buffer.alloc(3_000_000, 1) }));
    const second = KeyValue.encode(KeyValue.create({ value: Buffer.alloc(3_000_000, 2) }));
    assert.equal(first.at(-1), 1);
    assert.equal(second.at(-1), 2);
    const small = KeyValue.encode(KeyValue.create({ version: 1 }));
    KeyValue.encode(KeyValue.create({ version: 2 }));
    assert.deepEqual([...small], [32, 1]);
  });

  const malformed: Record<string, number[]> = {
    "a cut varint": [32, 0x80],
    "a varint of eleven bytes": [32, ...Array(10).fill(0x80), 1],
    "a varint beyond 64 bits": [32, ...Array(9).fill(0x80), 2],
    "a length beyond the end": [10, 5, 1],
    "a huge length": [10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    "field number zero": [0, 1],
    "a tag beyond 32 bits": [0x90, 0x80, 0x80, 0x80, 0x10, 1],
    "a group without end": [0x9b, 0x06, 8, 1],
    "a group with the end of another": [0x9b, 0x06, 0x0c],
    "groups without bottom": Array<number>(200).fill(0x0b),
    "the end of a group": [0x0c],
    "wire type 6": [0x0e],
    "a cut fixed64 of an unknown field": [0x99, 0x06, 1],
  };
  for (const [what, bytes] of Object.entries(malformed)) {
    test(`${what} is refused`, () => {
      assert.throws(() => KeyValue.decode(Buffer.from(bytes)), proto.DecodeError);
    });
  }

  test("a field that runs over the end of its message is refused", () => {
    // header of length 1 holds a tag whose varint is the next field's tag.
    const bytes = Buffer.of(10, 1, 24, 16, 1);
    assert.throws(() => proto.DeleteRangeResponse.decode(bytes), proto.DecodeError);
  });

  test("a string that is no UTF-8 is refused", () => {
    const short = Buffer.of(18, 1, 0xff);
    const long = Buffer.concat([Buffer.of(18, 101), Buffer.alloc(100, 97), Buffer.of(0xc0)]);
    assert.throws(() => proto.Member.decode(short), proto.DecodeError);
    assert.throws(() => proto.Member.decode(long), proto.DecodeError);
  });

  test("nesting deeper than the limit is refused, without a stack overflow", () => {
    let txn = proto.TxnRequest.create();
    for (let i = 0; i < proto.MESSAGE_DEPTH_MAX / 2; i++) {
      txn = proto.TxnRequest.create({ success: [RequestOp.create({ requestTxn: txn })] });
    }
    const deepest = proto.TxnRequest.encode(txn);
    assert.deepEqual(proto.TxnRequest.decode(deepest), txn);
    const deeper = proto.TxnRequest.create({ success: [RequestOp.create({ requestTxn: txn })] });
    assert.throws(() => proto.TxnRequest.decode(proto.TxnRequest.encode(deeper)), /deep/);
  });

  const extremes: [number, string][] = [
    [-1, "ffffffffffffffffff01"],
    [-(2 ** 31), "80808080f8ffffffff01"],
    [2 ** 63, "ffffffffffffffff7f"],
    [-(2 ** 63), "80808080808080808001"],
    [2 ** 32, "8080808010"],
    [Number.MAX_SAFE_INTEGER, "ffffffffffffff0f"],
  ];
  for (const [value, hex] of extremes) {
    test(`int64 ${value} as a number is written as ${hex} and read back`, () => {
      const bytes = KeyValue.encode(KeyValue.create({ version: value }));
      assert.equal(bytes.toString("hex"), `20${hex}`);
      assert.equal(KeyValue.decode(bytes).version, value);
    });
  }
});
