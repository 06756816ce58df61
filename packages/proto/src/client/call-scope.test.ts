import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EtcdErrors } from "../error-codes.ts";
import type { EtcdError } from "../etcd-error.ts";
import { CallScope } from "./call-scope.ts";

describe("CallScope", () => {
  test("ends with its time", async () => {
    const scope = new CallScope(1);
    await new Promise<void>((resolve) => scope.onEnd(resolve));
    assert.equal(scope.isOver, true);
    const isOver = (error: EtcdError): boolean => error.is(EtcdErrors.contextDeadlineExceeded);
    assert.throws(() => scope.throwIfDone(), isOver);
  });

  test("ends with any of its signals, once", () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const scope = new CallScope(60_000, one.signal, undefined, other.signal);
    let ends = 0;
    scope.onEnd(() => ends++);
    other.abort();
    one.abort();
    assert.equal(ends, 1);
    const isCanceled = (error: EtcdError): boolean => error.is(EtcdErrors.contextCanceled);
    assert.throws(() => scope.throwIfDone(), isCanceled);
  });

  test("says at once that it has ended, and nothing to who does not listen any more", () => {
    const stop = new AbortController();
    const scope = new CallScope(undefined, stop.signal);
    let ends = 0;
    scope.onEnd(() => ends++)();
    stop.abort();
    assert.equal(ends, 0);
    scope.onEnd(() => ends++);
    assert.equal(ends, 1);
  });

  test("a call within it has what is left of its time, and its signals", () => {
    assert.deepEqual(new CallScope(undefined).callOptions(), {
      timeoutMs: undefined,
      signal: undefined,
    });
    const stop = new AbortController();
    const { timeoutMs = 0, signal } = new CallScope(60_000, stop.signal, stop.signal).callOptions();
    assert.ok(timeoutMs > 0 && timeoutMs <= 60_000);
    stop.abort();
    assert.equal(signal?.aborted, true);
  });
});
