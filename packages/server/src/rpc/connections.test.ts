import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../env/testing/manual-clock.ts";
import { Connections } from "./connections.ts";
import type { Http2Connection } from "./http2/connection.ts";

test("of many connections with output in a turn the first are flushed in its course, all at its end", async () => {
  const connection = {
    concurrentStreamsMax: 1,
    messageBytesMax: 1,
    keepaliveMinIntervalMs: 0,
    keepaliveIntervalMs: 0,
    keepaliveTimeoutMs: 0,
  };
  const clock = new ManualClock();
  const openStream = (): never => assert.fail("no stream is opened");
  const connections = new Connections({ clock, connection, onHttp1: undefined, openStream });
  const said: string[] = [];
  const writing = Array.from({ length: 10 }, (_none, id) => {
    const flush = (): void => void said.push(`end ${id}`);
    const flushEarly = (): void => void said.push(`early ${id}`);
    return { flush, flushEarly } as unknown as Http2Connection;
  });
  const all = writing.map((_one, id) => `end ${id}`);
  for (let turn = 0; turn < 2; turn++) {
    for (const one of writing) connections.requestFlush(one);
    assert.deepEqual(said.splice(0), ["early 0", "early 1"]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(said.splice(0), all);
  }
});
