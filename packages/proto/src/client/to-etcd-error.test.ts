import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EtcdErrors } from "../error-codes.ts";
import { EtcdError } from "../etcd-error.ts";
import { backoffMs, isNotSent, isStaleToken, mayRetry } from "./retry.ts";
import { parseCancelReason, toEtcdError } from "./to-etcd-error.ts";

describe("toEtcdError", () => {
  test("a server's status keeps its code and text", () => {
    const error = toEtcdError({ code: 11, details: EtcdErrors.compacted.message });
    assert.ok(error.is(EtcdErrors.compacted));
  });

  test("grpc-js's own words for a deadline and a cancel become Go's", () => {
    const late = toEtcdError({ code: 4, details: "Deadline exceeded after 0.1s,LB pick: 0.0s" });
    assert.ok(late.is(EtcdErrors.contextDeadlineExceeded));
    const ended = toEtcdError({ code: 1, details: "Cancelled on client" });
    assert.ok(ended.is(EtcdErrors.contextCanceled));
  });

  test("what is no status is Unknown and keeps the cause", () => {
    const cause = new TypeError("x");
    assert.equal(toEtcdError(cause).code, 2);
    assert.equal(toEtcdError(cause).cause, cause);
  });
});

describe("parseCancelReason", () => {
  test("a status in words is that status", () => {
    const text = "rpc error: code = PermissionDenied desc = etcdserver: permission denied";
    assert.ok(parseCancelReason(text).is(EtcdErrors.permissionDenied));
  });

  test("a bare text of the table is its entry", () => {
    assert.ok(parseCancelReason(EtcdErrors.compacted.message).is(EtcdErrors.compacted));
  });

  test("another text is kept", () => {
    const { code, message } = parseCancelReason("mvcc: watcher range is empty");
    assert.deepEqual([code, message], [2, "mvcc: watcher range is empty"]);
  });
});

describe("retry", () => {
  const unavailable = new EtcdError(14, "read ECONNRESET");
  const notSent = new EtcdError(14, "No connection established. Last error: connect ECONNREFUSED");

  test("a read is repeated when a server is not available", () => {
    assert.ok(mayRetry(unavailable, "repeatable", 1));
    assert.ok(!mayRetry(EtcdError.from(EtcdErrors.compacted), "repeatable", 3));
    assert.ok(!mayRetry(EtcdError.from(EtcdErrors.contextDeadlineExceeded), "repeatable", 3));
  });

  test("a write is repeated only when it was not sent", () => {
    assert.ok(!mayRetry(unavailable, "nonRepeatable", 3));
    assert.ok(mayRetry(notSent, "nonRepeatable", 1));
    assert.ok(!isNotSent(unavailable));
  });

  test("what a learner refuses is tried elsewhere", () => {
    const refused = EtcdError.from(EtcdErrors.notSupportedForLearner);
    assert.ok(mayRetry(refused, "nonRepeatable", 2));
    assert.ok(!mayRetry(refused, "repeatable", 1));
  });

  test("there is a pause after each quorum of attempts", () => {
    const pauses = [0, 1, 2, 3, 4].map((attempt) => backoffMs(attempt, 3) > 0);
    assert.deepEqual(pauses, [false, false, true, false, true]);
  });

  test("three answers mean that the token is stale", () => {
    const { invalidAuthToken, authOldRevision, userEmpty, permissionDenied } = EtcdErrors;
    for (const entry of [invalidAuthToken, authOldRevision, userEmpty]) {
      assert.ok(isStaleToken(EtcdError.from(entry)));
    }
    assert.ok(!isStaleToken(EtcdError.from(permissionDenied)));
  });
});
