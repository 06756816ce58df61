import assert from "node:assert/strict";
import { test } from "node:test";
import { Event, KeyValue, Member, RangeResponse, ResponseHeader } from "@kvorum/proto";
import { jsonMessage, jsonString } from "./json.ts";

test("zero values are left out, 64-bit integers are plain numbers, bytes are base64", () => {
  const header = ResponseHeader.create({ clusterId: 14841639068965178418n, raftTerm: 2 });
  const kvs = [KeyValue.create({ key: Buffer.from("foo"), modRevision: 2, lease: 7n })];
  const response = RangeResponse.create({ header, kvs, count: 1 });
  assert.equal(
    jsonMessage(RangeResponse, response),
    '{"header":{"cluster_id":14841639068965178418,"raft_term":2},' +
      '"kvs":[{"key":"Zm9v","mod_revision":2,"lease":7}],"count":1}',
  );
});

test("an empty message is an empty object, also as a field", () => {
  assert.equal(jsonMessage(KeyValue, KeyValue.create()), "{}");
  assert.equal(
    jsonMessage(Event, Event.create({ type: 1, kv: KeyValue.create() })),
    '{"type":1,"kv":{}}',
  );
});

test("names that are no snake case stay as they are", () => {
  const member = Member.create({ ID: 1n, peerURLs: ["http://a?b&c"], isLearner: true });
  assert.equal(
    jsonMessage(Member, member),
    '{"ID":1,"peerURLs":["http://a?b\\u0026c"],"isLearner":true}',
  );
});

test("strings are escaped as Go's encoder escapes them", () => {
  assert.equal(jsonString('<a> "b"\n\u2028\ud800'), '"\\u003ca\\u003e \\"b\\"\\n\\u2028\ufffd"');
});
