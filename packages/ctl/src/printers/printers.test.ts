import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AlarmResponse,
  Event,
  KeyValue,
  LeaseGrantResponse,
  Member,
  MemberListResponse,
  RangeResponse,
  ResponseHeader,
  WatchResponse,
} from "@kvorum/proto";
import { CtlError } from "../ctl-error.ts";
import type { Report, ReportKind } from "../report.ts";
import { Output } from "./output.ts";
import { type Format, FORMATS, loadPrinter } from "./printer.ts";

const header = ResponseHeader.create({ clusterId: 11n, memberId: 10n, revision: 5, raftTerm: 2 });
const pair = KeyValue.create({
  key: Buffer.from("foo"),
  value: Buffer.of(0x62, 0xff),
  createRevision: 2,
  modRevision: 3,
  version: 2,
  lease: 255n,
});

async function print(format: Format, report: Report, hex = false): Promise<Buffer> {
  const output = new Output();
  (await loadPrinter(format, hex)).print(report, output);
  return output.stdout;
}

const get: Report = {
  kind: "get",
  response: RangeResponse.create({ header, kvs: [pair], count: 1 }),
  valueOnly: false,
};

test("simple prints keys and values byte by byte", async () => {
  assert.deepEqual(await print("simple", get), Buffer.from("foo\nb\xff\n", "latin1"));
  assert.deepEqual(
    await print("simple", { ...get, valueOnly: true }),
    Buffer.from("b\xff\n", "latin1"),
  );
});

test("hex changes each format in its own way", async () => {
  assert.equal(String(await print("simple", get, true)), "\\x66\\x6f\\x6f\n\\x62\\xff\n");
  assert.match(
    String(await print("fields", get, true)),
    /"ClusterID" : b\n.*"Lease" : 00000000000000ff/s,
  );
  assert.deepEqual(await print("json", get, true), await print("json", get, false));
});

test("protobuf prints the message, of a lease its header", async () => {
  assert.deepEqual(RangeResponse.decode(await print("protobuf", get)), get.response);
  const response = LeaseGrantResponse.create({ header, ID: 1n, TTL: 5 });
  const bytes = await print("protobuf", { kind: "leaseGrant", response });
  assert.deepEqual(ResponseHeader.decode(bytes), header);
});

test("an event knows whether it is a put or a delete", async () => {
  const deleted = KeyValue.create({ key: Buffer.from("foo"), modRevision: 4 });
  const events = [Event.create({ kv: pair }), Event.create({ type: 1, kv: deleted, prevKv: pair })];
  const report: Report = { kind: "watch", response: WatchResponse.create({ header, events }) };
  const text = (await print("simple", report)).toString("latin1");
  assert.equal(text, "PUT\nfoo\nb\xff\nDELETE\nfoo\nb\xff\nfoo\n\n");
});

test("members in hexadecimal keep the order of their fields", async () => {
  const members = [Member.create({ ID: 10n, name: "m", clientURLs: ["http://a"] })];
  const response = MemberListResponse.create({ header: { ...header, revision: 0 }, members });
  assert.equal(
    String(await print("json", { kind: "memberList", response }, true)),
    '{"header":{"cluster_id":"b","member_id":"a","raft_term":2},' +
      '"members":[{"ID":"a","name":"m","clientURLs":["http://a"]}]}\n',
  );
});

test("alarms are printed as protobuf text", async () => {
  const response = AlarmResponse.create({ header, alarms: [{ memberID: 10n, alarm: 1 }] });
  assert.equal(
    String(await print("simple", { kind: "alarm", response })),
    "memberID:10 alarm:NOSPACE\n",
  );
});

test("a format says when it has no form for a report", async () => {
  await assert.rejects(
    print("table", get),
    new CtlError(4, "table not supported as output format"),
  );
});

test("the remark that a lease is lost is for people alone", async () => {
  const report: Report = { kind: "leaseLost", id: 255n };
  for (const format of FORMATS) {
    const expected = format === "simple" ? "lease 00000000000000ff expired or revoked.\n" : "";
    assert.equal(String(await print(format, report)), expected);
  }
});

const withoutTable: readonly ReportKind[] = ["get", "put", "del", "txn", "watch", "leaseGrant"];

test("what has no rows has no table", async () => {
  for (const kind of withoutTable) {
    await assert.rejects(print("table", { ...get, kind } as Report), CtlError);
  }
});
