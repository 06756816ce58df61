/** Attacks on memory: clients that do not read, do not finish, or are many. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createDeferred } from "../../lib/deferred.ts";
import type { Interceptor } from "../interceptor.ts";
import { bidi, type Call, type RequestReceiver, unary } from "../service.ts";
import { assertCalmed, attack, flood, openHeld, turn } from "../testing/attack.ts";
import { GRPC_HEADERS, grpcMessage, RawClient } from "../testing/raw-client.ts";
import { ask, KEPT_BESIDE, LONG_ECHO, startToy, Toy } from "../testing/toy-service.ts";
import { Http2Code } from "./error-codes.ts";
import { encodeFrame, encodeWindowUpdate, Flag, FrameType } from "./frames.ts";
import * as limits from "./limits.ts";
import { Setting } from "./settings.ts";

const KIB = 1024;
const CHAT = { ...GRPC_HEADERS, ":path": Toy.chat.path };
/** Refused at once, at some length. */
const NOPE = { ...GRPC_HEADERS, ":path": `/toy.Toy/${"Nope".repeat(500)}` };

/** A stream that takes the first request and comes back for the next only when all is over. */
const busy = bidi(
  Toy.chat,
  (call): RequestReceiver<string> => ({
    onMessage: () => new Promise<void>((resolve) => call.onCancel(resolve)),
    onEnd: () => undefined,
  }),
);

test("slow read: refusals that are not read stop the reading, then end the connection", () =>
  attack(async ({ toy, clock, checkBystander }) => {
    const [attacker, wire] = openHeld(toy);
    const block = attacker.block(NOPE);
    const before = toy.server.keptBytes;
    for (let id = 1; !wire.isPaused() && id < 200_000; ) {
      const frames: Buffer[] = [];
      for (let count = 0; count < 10; count++, id += 2) {
        const flags = Flag.END_HEADERS | Flag.END_STREAM;
        frames.push(encodeFrame(FrameType.HEADERS, flags, id, block));
      }
      attacker.write(Buffer.concat(frames));
      await turn();
    }
    assert.ok(wire.isPaused(), "goes on reading");
    assert.ok(toy.server.keptBytes - before <= limits.BLOCKED_BYTES_MAX + 64 * KIB);
    await checkBystander();
    clock.advance(limits.STALLED_WRITE_TIMEOUT_MS);
    wire.release();
    await assertCalmed(attacker, /responses are not read/);
  }));

test("slow read: a client that was only slow is read again, and gets every answer", () =>
  attack(async ({ toy }) => {
    const [client, wire] = openHeld(toy);
    let id = 1;
    for (; !wire.isPaused(); id += 2) {
      client.headers(id, NOPE, Flag.END_STREAM);
      if (id % 20 === 1) await turn();
    }
    wire.release();
    client.headers(id, NOPE, Flag.END_STREAM);
    assert.equal((await client.trailers(id))["grpc-status"], "12");
    const answers = client.frames.filter(({ type }) => type === FrameType.HEADERS);
    assert.equal(answers.length, (id + 1) / 2);
    assert.ok(!wire.isPaused());
    await client.close();
  }));

for (const pace of ["at once", "one by one"] as const) {
  test(`slow read: resets that are not read, ${pace}, end the connection`, () =>
    attack(
      async ({ toy }) => {
        const [attacker, wire] = openHeld(toy);
        const block = attacker.block(CHAT);
        const frames = Array.from({ length: 1 + limits.UNSENT_ANSWERS_MAX }, (_, index) =>
          encodeFrame(FrameType.HEADERS, Flag.END_HEADERS, 2 * index + 1, block),
        );
        const chunks = pace === "at once" ? [Buffer.concat(frames)] : frames;
        for (const chunk of chunks) {
          attacker.write(chunk);
          await turn();
        }
        wire.release();
        await assertCalmed(attacker, /too many unread answers/);
      },
      [busy],
      { concurrentStreamsMax: 1 },
    ));
}

test("slow read: requests wait while responses are not read, and memory stays bounded", () => {
  const big = "x".repeat(1024 * 1024);
  let served = 0;
  const grow = unary(Toy.echo, () => {
    served += 1;
    return big;
  });
  return attack(
    async ({ attacker, clock, toy }) => {
      for (let id = 1; id < 200; id += 2) attacker.call(id, "more");
      await attacker.settled();
      assert.equal(served, 9);
      assert.ok(toy.server.keptBytes < 10 * 1024 * KIB);
      // A client that reads again gets everything.
      attacker.write(encodeWindowUpdate(0, 2 ** 30));
      for (let id = 1; id < 40; id += 2) attacker.write(encodeWindowUpdate(id, 2 ** 30));
      for (let id = 1; id < 40; id += 2)
        assert.equal((await attacker.trailers(id))["grpc-status"], "0");
      assert.ok(served >= 20);
      clock.advance(limits.STALLED_WRITE_TIMEOUT_MS);
      clock.advance(limits.STALLED_WRITE_TIMEOUT_MS);
      await assertCalmed(attacker, /not read/);
    },
    [grow],
  );
});

test("slow read: requests whose deadline passes while they wait leave nothing behind", () => {
  const calls: WeakRef<Call>[] = [];
  const note: Interceptor = { begin: (call) => void calls.push(new WeakRef(call)) };
  return attack(
    async ({ attacker, clock }) => {
      attacker.call(1, "more");
      await attacker.settled();
      for (let id = 3; id < 23; id += 2) {
        attacker.call(id, "waits", { ...GRPC_HEADERS, "grpc-timeout": "5m" });
      }
      await attacker.settled();
      clock.advance(10);
      for (let id = 3; id < 23; id += 2) {
        assert.equal((await attacker.trailers(id))["grpc-status"], "4");
      }
      setFlagsFromString("--expose-gc");
      const gc = runInNewContext("gc") as () => void;
      await turn();
      gc();
      const kept = calls.filter((call) => call.deref() !== undefined);
      // The first has not ended; of the others the machine may still look at the last.
      assert.ok(kept.length <= 2, `${kept.length} calls`);
    },
    [unary(Toy.echo, () => "x".repeat(9 * 1024 * KIB))],
    { interceptors: [note] },
  );
});

test("slow read: a message counts whole until its last byte is sent", () =>
  attack(
    async ({ attacker, toy }) => {
      attacker.call(1, "more");
      attacker.write(encodeWindowUpdate(0, 2 ** 30));
      attacker.write(encodeWindowUpdate(1, 1000 * KIB - 65_535));
      await attacker.settled();
      const whole = 1024 * KIB + KEPT_BESIDE;
      assert.ok(toy.server.keptBytes > whole, `${toy.server.keptBytes} bytes`);
      attacker.call(3, "more");
      attacker.call(5, "more");
      attacker.write(encodeWindowUpdate(3, 10 * KIB));
      await attacker.settled();
      assert.ok(toy.server.keptBytes > 3 * whole);
      for (const id of [3, 5]) attacker.send(FrameType.RST_STREAM, 0, id, Buffer.alloc(4));
      await attacker.settled();
      const { keptBytes } = toy.server;
      assert.ok(keptBytes > whole && keptBytes < whole + 64 * KIB, `${keptBytes} bytes`);
      attacker.write(encodeWindowUpdate(1, 100 * KIB));
      assert.equal((await attacker.trailers(1))["grpc-status"], "0");
    },
    [unary(LONG_ECHO, () => "x".repeat(1024 * KIB))],
  ));

test("slow read: of many streams, each may keep little once all together keep much", () => {
  const STREAMS = 200;
  const MESSAGE_BYTES = 16 * KIB;
  const message = "m".repeat(MESSAGE_BYTES);
  let drained = 0;
  const talk = bidi(Toy.chat, (_call, sink) => ({
    onMessage: () => {
      while (sink.write(message));
      sink.onDrain(() => {
        drained += 1;
        sink.end();
      });
    },
    onEnd: () => undefined,
  }));
  return attack(
    async ({ toy, checkBystander }) => {
      const client = await RawClient.open(toy.port, [[Setting.INITIAL_WINDOW_SIZE, 0]]);
      for (let index = 0; index < STREAMS; index++) {
        client.headers(2 * index + 1, CHAT);
        client.data(2 * index + 1, grpcMessage("go"));
      }
      await client.settled();
      assert.ok(toy.server.keptBytes > limits.CROWDED_BYTES);
      assert.ok(toy.server.keptBytes < 24 * 1024 * KIB, "each stream keeps its usual megabyte");
      await checkBystander();
      // All go on as soon as the client reads.
      client.write(encodeWindowUpdate(0, 2 ** 30));
      client.write(encodeWindowUpdate(1, 2 ** 30));
      client.send(
        FrameType.SETTINGS,
        0,
        0,
        Buffer.from([0, Setting.INITIAL_WINDOW_SIZE, 64, 0, 0, 0]),
      );
      for (let index = 0; index < STREAMS; index++) await client.trailers(2 * index + 1);
      assert.equal(drained, STREAMS);
      await client.close();
    },
    [talk],
  );
});

test("HTTP/2 bomb: header lists of references on streams that stay open are bounded", () =>
  attack(
    async ({ attacker, toy }) => {
      const entry = Buffer.from(`\x40\x01a\x7f\xa1\x1d${"a".repeat(3872)}`, "latin1");
      const references = Buffer.alloc(15, 0x80 | 62);
      attacker.sendBlock(1, Buffer.concat([attacker.block(CHAT), entry]));
      const block = Buffer.concat([attacker.block(CHAT), references]);
      for (let id = 3; id < 2001; id += 2) {
        attacker.send(FrameType.HEADERS, Flag.END_HEADERS, id, block);
      }
      await attacker.settled();
      assert.equal(await attacker.resetCode(1999), Http2Code.REFUSED_STREAM);
      assert.ok(toy.server.keptBytes < limits.OPEN_STREAMS_BYTES_MAX + 128 * KIB);
      assert.ok(toy.server.openCalls < 600);
    },
    [busy],
  ));

test("requests that are begun and never finished: held up to the limit, then the connection ends", () => {
  return attack(
    async ({ attacker, toy }) => {
      const part = grpcMessage(Buffer.alloc(16_000));
      const block = attacker.block(CHAT);
      await flood(attacker, (round) => {
        const id = 2 * round + 1;
        return Buffer.concat([
          encodeFrame(FrameType.HEADERS, Flag.END_HEADERS, id, block),
          ...Array.from({ length: 4 }, () => encodeFrame(FrameType.DATA, 0, id, part)),
        ]);
      });
      await assertCalmed(attacker, /too much request data/);
      assert.equal(toy.server.openCalls, 0);
    },
    [busy],
  );
});

test("small DATA: messages of nothing that wait are counted for what they cost", () =>
  attack(
    async ({ attacker }) => {
      const block = attacker.block(CHAT);
      const nothings = Buffer.alloc(5 * 3000);
      await flood(attacker, (round) => {
        const id = 2 * round + 1;
        const data = encodeFrame(FrameType.DATA, 0, id, nothings);
        const headers = encodeFrame(FrameType.HEADERS, Flag.END_HEADERS, id, block);
        return Buffer.concat([headers, data, data, data, data]);
      });
      await assertCalmed(attacker, /too much request data/);
    },
    [busy],
  ));

test("many long messages at once are lent window in turn, and all complete", async () => {
  const size = 4 * 1024 * 1024;
  const toy = await startToy([unary(Toy.echo, (request) => String(request.length))], {
    receiveBytesMax: size,
  });
  const texts = Array.from({ length: 8 }, () =>
    ask(toy.client, Toy.echo.path, Buffer.alloc(size, 97)),
  );
  for (const answer of await Promise.all(texts)) assert.equal(answer.response, String(size));
  await toy.close();
});

test("long requests whose handlers run together are not held against their client", async () => {
  const CALLS = 60;
  const size = 1_200_000;
  assert.ok(CALLS * size > limits.HELD_REQUEST_BYTES_MAX + size);
  const all = createDeferred<string>();
  let running = 0;
  const slow = unary(Toy.echo, () => {
    running += 1;
    if (running === CALLS) all.resolve("together");
    return all.promise;
  });
  const toy = await startToy([slow], { receiveBytesMax: size });
  const request = Buffer.alloc(size, 97);
  const answers = Array.from({ length: CALLS }, () => ask(toy.client, Toy.echo.path, request));
  for (const { response } of await Promise.all(answers)) assert.equal(response, "together");
  await toy.close();
  assert.equal(toy.server.keptBytes, 0);
});

/** Fills open streams with what nobody takes, 60 KiB each. */
function fill(client: RawClient, from: number, to: number): void {
  const part = grpcMessage(Buffer.alloc(15 * KIB));
  for (let index = from; index < to; index++) {
    const id = 2 * index + 1;
    for (let sent = 0; sent < 4; sent++) client.data(id, part, false);
  }
}

test("many connections: short of memory, those who keep much get no streams; out of it, the greediest goes", () =>
  attack(
    async ({ attacker: modest, toy, checkBystander }) => {
      const MIB = 1024 * KIB;
      const greedy = await RawClient.open(toy.port);
      for (let index = 0; index < 120; index++) {
        modest.headers(2 * index + 1, CHAT);
        greedy.headers(2 * index + 1, CHAT);
      }
      fill(modest, 0, 50);
      fill(greedy, 0, 60);
      await Promise.all([modest.settled(), greedy.settled()]);
      assert.ok(toy.server.keptBytes > 6 * MIB);
      modest.headers(1001, CHAT);
      greedy.headers(1001, CHAT);
      assert.equal(await modest.resetCode(1001), Http2Code.REFUSED_STREAM);
      assert.equal(await greedy.resetCode(1001), Http2Code.REFUSED_STREAM);
      await checkBystander();
      fill(greedy, 60, 100);
      await assertCalmed(greedy, /no more memory/);
      await modest.settled();
      assert.ok(toy.server.keptBytes < 6 * MIB);
      // What was taken from the one is there for the other.
      modest.headers(1003, CHAT);
      modest.headers(1005, NOPE);
      assert.equal((await modest.trailers(1005))["grpc-status"], "12");
    },
    [busy],
    { memoryBytesMax: 8 * 1024 * KIB },
  ));

test("requests count until their handlers return, though their connection is gone", async () => {
  const release = createDeferred<string>();
  let started = 0;
  const slow = unary(Toy.echo, () => {
    started += 1;
    return release.promise;
  });
  const toy = await startToy([slow]);
  const client = await RawClient.open(toy.port);
  for (let id = 1; id < 20; id += 2) client.call(id, "x".repeat(10_000));
  await client.settled();
  assert.equal(started, 10);
  await client.close();
  while (toy.server.openCalls > 0) await turn();
  assert.equal(toy.server.keptBytes, 100_000);
  release.resolve("");
  await turn();
  assert.equal(toy.server.keptBytes, 0);
  await toy.close();
});
