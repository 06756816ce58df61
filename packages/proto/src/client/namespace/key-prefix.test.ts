import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EtcdErrors } from "../../error-codes.ts";
import type { EtcdError } from "../../etcd-error.ts";
import { Event, KeyValue } from "../../gen/kv.ts";
import {
  DeleteRangeResponse,
  PutRequest,
  PutResponse,
  RangeResponse,
  ResponseOp,
  TxnRequest,
  TxnResponse,
} from "../../gen/rpc.ts";
import { compare, keyMissing } from "../keys/compare.ts";
import { allKeys, fromKey, keyRange, prefixRange, toKeyRange } from "../keys/key-range.ts";
import { deleteOp, getOp, putOp, txnOp } from "../keys/request-op.ts";
import { KeyPrefix } from "./key-prefix.ts";
import { prefixInterval } from "./prefix-interval.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
const text = (value: Uint8Array | undefined): string =>
  value === undefined ? "none" : Buffer.from(value).toString("latin1");
const kv = (key: string): KeyValue => KeyValue.create({ key: bytes(key) });
const spaces = new KeyPrefix(bytes("pfx/"));

describe("prefixInterval", () => {
  const cases: [string, string, { key: Uint8Array; rangeEnd: Uint8Array }, string, string][] = [
    ["a single key", "pfx/", toKeyRange("a"), "pfx/a", ""],
    ["a range", "pfx/", keyRange("abc", "def"), "pfx/abc", "pfx/def"],
    ["from a key on", "pfx/", fromKey("abc"), "pfx/abc", "pfx0"],
    [
      "from a key on, with a prefix that ends everything",
      "\xff\xff",
      fromKey("a"),
      "\xff\xffa",
      "\0",
    ],
    ["from a key on, with a prefix that carries", "a\xff", fromKey("a"), "a\xffa", "b"],
    ["everything", "pfx/", allKeys(), "pfx/\0", "pfx0"],
    ["a prefix", "pfx/", prefixRange("a/"), "pfx/a/", "pfx/a0"],
  ];
  for (const [name, prefix, range, key, end] of cases) {
    test(name, () => {
      const found = prefixInterval(bytes(prefix), range);
      assert.deepEqual([text(found.key), text(found.rangeEnd)], [key, end]);
    });
  }

  test("no key is the server's error, not the prefix", () => {
    const isEmptyKey = (error: EtcdError): boolean => error.is(EtcdErrors.emptyKey);
    assert.throws(() => prefixInterval(bytes("pfx/"), toKeyRange("")), isEmptyKey);
    assert.throws(() => spaces.addToPut(PutRequest.create()), isEmptyKey);
  });
});

describe("KeyPrefix", () => {
  test("goes before every key of a transaction, however deep, and leaves the request alone", () => {
    const inner = TxnRequest.create({
      compare: [keyMissing(prefixRange("c/"))],
      success: [putOp("n", "v")],
      failure: [deleteOp(fromKey("d"))],
    });
    const request = TxnRequest.create({
      compare: [compare("k", "version", "=", 0)],
      success: [putOp("k", "v"), getOp(keyRange("a", "b"))],
      failure: [txnOp(inner)],
    });
    const before = TxnRequest.encode(request);
    const sent = spaces.addToTxn(request);
    const nested = sent.failure[0]?.requestTxn;
    const range = sent.success[1]?.requestRange;
    const deletion = nested?.failure[0]?.requestDeleteRange;
    assert.deepEqual(
      [
        sent.compare[0]?.key,
        sent.compare[0]?.rangeEnd,
        sent.success[0]?.requestPut?.key,
        range?.key,
        range?.rangeEnd,
        nested?.compare[0]?.key,
        nested?.compare[0]?.rangeEnd,
        nested?.success[0]?.requestPut?.key,
        deletion?.key,
        deletion?.rangeEnd,
      ].map(text),
      [
        ...["pfx/k", "", "pfx/k", "pfx/a", "pfx/b"],
        ...["pfx/c/", "pfx/c0", "pfx/n", "pfx/d", "pfx0"],
      ],
    );
    assert.deepEqual(TxnRequest.encode(request), before);
  });

  test("comes off every key of a response, however deep", () => {
    const inner = TxnResponse.create({
      responses: [
        ResponseOp.create({
          responseDeleteRange: DeleteRangeResponse.create({ prevKvs: [kv("pfx/d")] }),
        }),
      ],
    });
    const response = spaces.stripTxn(
      TxnResponse.create({
        responses: [
          ResponseOp.create({ responseRange: RangeResponse.create({ kvs: [kv("pfx/a")] }) }),
          ResponseOp.create({ responsePut: PutResponse.create({ prevKv: kv("pfx/b") }) }),
          ResponseOp.create({ responsePut: PutResponse.create() }),
          ResponseOp.create({ responseTxn: inner }),
        ],
      }),
    );
    const [range, put, , txn] = response.responses;
    const deletion = txn?.responseTxn?.responses[0]?.responseDeleteRange;
    const keys = [range?.responseRange?.kvs[0], put?.responsePut?.prevKv, deletion?.prevKvs[0]];
    assert.deepEqual(
      keys.map((each) => text(each?.key)),
      ["a", "b", "d"],
    );
  });

  test("comes off events, also off what was before", () => {
    const events = [Event.create({ kv: kv("pfx/a"), prevKv: kv("pfx/a") })];
    spaces.stripEvents(events);
    assert.deepEqual([text(events[0]?.kv?.key), text(events[0]?.prevKv?.key)], ["a", "a"]);
  });

  test("of a lease's keys, those of the namespace are left", () => {
    const keys = ["pfx/a", "pf", "other/b", "pfx/"].map(bytes);
    assert.deepEqual(spaces.keysWithin(keys).map(text), ["a", ""]);
  });

  test("nothing before a key changes nothing", () => {
    const none = new KeyPrefix(bytes(""));
    const request = toKeyRange("");
    assert.equal(none.add(request), request);
  });
});
