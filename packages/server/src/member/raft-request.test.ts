import assert from "node:assert/strict";
import { test } from "node:test";
import { InternalRaftRequest, PutRequest, RequestHeader } from "@kvorum/proto";
import { decodeRaftRequest, encodeRaftRequest, type RaftRequest } from "./raft-request.ts";

const ID = 0x1234_5678_9abc_def0n;
const bytes = (text: string): Buffer => Buffer.from(text);

const requests: RaftRequest[] = [
  { kind: "put", message: PutRequest.create({ key: bytes("k"), value: bytes("v"), lease: 7n }) },
  { kind: "put", message: PutRequest.create({ key: bytes("k"), value: Buffer.alloc(40_000, 1) }) },
  { kind: "leaseRevoke", message: { ID: 9n } },
  { kind: "clusterVersionSet", message: { ver: "3.7.0" } },
  { kind: "compaction", message: { revision: 5, physical: true } },
];

for (const request of requests) {
  const size = InternalRaftRequest.encode(wide(request)).length;
  test(`raft request: ${request.kind} of ${size} bytes has etcd's form, and comes back`, () => {
    const data = encodeRaftRequest(ID, request);
    assert.deepEqual(data, InternalRaftRequest.encode(wide(request)));
    const { id, request: read } = decodeRaftRequest(data);
    assert.equal(id, ID);
    assert.equal(read?.kind, request.kind);
    assert.deepEqual(InternalRaftRequest.encode(wide(read)), data);
  });
}

test("raft request: one without a header has its id in the older place", () => {
  const put = PutRequest.create({ key: bytes("k") });
  const { id, request } = decodeRaftRequest(InternalRaftRequest.encode(old({ put })));
  assert.equal(id, ID);
  assert.equal(request?.kind, "put");
});

test("raft request: what is not known is no request, and what is cut off is refused", () => {
  const data = InternalRaftRequest.encode(old({ authEnable: {} }));
  assert.deepEqual(decodeRaftRequest(data), { id: ID, request: undefined });
  const whole = encodeRaftRequest(ID, requests[0]!);
  assert.throws(() => decodeRaftRequest(whole.subarray(0, -1)), { name: "DecodeError" });
});

function wide({ kind, message }: RaftRequest): InternalRaftRequest {
  const header = RequestHeader.create({ ID });
  return InternalRaftRequest.create({ header, [kind]: message });
}

function old(fields: Partial<InternalRaftRequest>): InternalRaftRequest {
  return InternalRaftRequest.create({ ID, ...fields });
}
