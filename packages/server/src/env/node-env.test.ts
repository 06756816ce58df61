import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTimestamp, JsonLog } from "./json-log.ts";
import { createNodeEnv, nodeClock, nodeRandom } from "./node-env.ts";

function logTo(lines: string[], level: "debug" | "info" | "error"): JsonLog {
  const write = (line: string): void => {
    lines.push(line);
  };
  return new JsonLog({ clock: { wallMs: () => 1_700_000_000_123.5 }, level, write });
}

test("a line is one JSON object with level, ts, caller and msg first", () => {
  const lines: string[] = [];
  const log = logTo(lines, "info").withCaller("wal/wal.ts:1");
  log.info("hello", { id: 0xffff_ffff_ffff_ffffn, error: new Error("bad"), data: Buffer.of(1, 2) });
  assert.equal(
    lines[0],
    '{"level":"info","ts":"2023-11-14T22:13:20.123500Z","caller":"wal/wal.ts:1","msg":"hello",' +
      '"id":"18446744073709551615","error":"bad","data":"AQI="}\n',
  );
});

test("lines below the level are dropped", () => {
  const lines: string[] = [];
  const log = logTo(lines, "error");
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d");
  log.fatal("e");
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { msg: string }).msg),
    ["d", "e"],
  );
  assert.equal(log.enabled("warn"), false);
  assert.equal(log.enabled("fatal"), true);
});

test("an error is logged with its cause", () => {
  const lines: string[] = [];
  logTo(lines, "info").error("x", { error: new Error("outer", { cause: new Error("inner") }) });
  assert.match(lines[0]!, /"error":"outer: inner"/);
});

test("time stamps have microseconds and are UTC", () => {
  assert.equal(formatTimestamp(0), "1970-01-01T00:00:00.000000Z");
  assert.equal(formatTimestamp(1.0625), "1970-01-01T00:00:00.001062Z");
});

test("timers fire once unless cancelled, and deferred calls run after this turn", async () => {
  const calls: string[] = [];
  const cancelled = nodeClock.setTimer(0, () => {
    calls.push("cancelled");
  });
  cancelled.cancel();
  nodeClock.defer(() => {
    calls.push("deferred");
  });
  calls.push("now");
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      setImmediate(resolve);
    });
  });
  assert.deepEqual(calls, ["now", "deferred"]);
  assert.ok(nodeClock.monotonicMs() >= 0);
  assert.ok(nodeClock.wallMs() > 1_600_000_000_000);
});

test("random numbers stay in their range", () => {
  for (let at = 0; at < 100; at++) {
    assert.ok(nodeRandom.nextInt(3) < 3);
  }
  assert.equal(nodeRandom.bytes(7).length, 7);
  assert.ok(nodeRandom.nextUint64() < 1n << 64n);
  assert.notEqual(nodeRandom.nextUint64(), nodeRandom.nextUint64());
});

test("the real environment writes its log where it is told", () => {
  const lines: string[] = [];
  const writeLog = (line: string): void => {
    lines.push(line);
  };
  createNodeEnv({ logLevel: "debug", writeLog }).log.debug("up");
  assert.match(lines[0]!, /^\{"level":"debug","ts":"[^"]+","caller":"[^"]+:\d+","msg":"up"\}\n$/);
});

test("random words do not repeat, and use all their bits", () => {
  const words = Array.from({ length: 2000 }, () => nodeRandom.nextUint64());
  assert.equal(new Set(words).size, words.length);
  const seen = words.reduce((bits, word) => bits | word, 0n);
  const always = words.reduce((bits, word) => bits & word, 0xffff_ffff_ffff_ffffn);
  assert.deepEqual([seen, always], [0xffff_ffff_ffff_ffffn, 0n]);
});
