import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EtcdError, EtcdErrors, findEtcdStatus, GrpcCode, grpcCodeName } from "./index.ts";

describe("errors", () => {
  test("every entry is found by its code and text", () => {
    const entries = Object.values(EtcdErrors);
    assert.equal(entries.length, 74);
    for (const entry of entries) {
      assert.equal(findEtcdStatus(entry.code, entry.message), entry);
    }
  });

  test("an error from the wire is known by its entry", () => {
    const text = "etcdserver: mvcc: required revision has been compacted";
    assert.ok(new EtcdError(GrpcCode.OutOfRange, text).is(EtcdErrors.compacted));
    assert.ok(!new EtcdError(GrpcCode.Unknown, text).is(EtcdErrors.compacted));
    assert.equal(new EtcdError(GrpcCode.Unknown, "else").status, undefined);
  });

  test("it prints as Go prints a gRPC status", () => {
    assert.equal(
      EtcdError.from(EtcdErrors.permissionDenied).toRpcString(),
      "rpc error: code = PermissionDenied desc = etcdserver: permission denied",
    );
    assert.equal(grpcCodeName(99), "Code(99)");
  });
});
