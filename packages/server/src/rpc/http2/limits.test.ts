/**
 * Every limit of limits.ts, attacked over a real socket: the attacker's connection ends as it should, and
 * a well-behaved connection beside it does not notice.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { bidi, type Call, type MethodRegistration, unary } from "../service.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { GRPC_HEADERS, grpcMessage, RawClient } from "../testing/raw-client.ts";
import { ask, startToy, Toy, type ToyServer } from "../testing/toy-service.ts";
import { Http2Code } from "./error-codes.ts";
import { encodeFrame, encodeRstStream, encodeWindowUpdate, Flag, FrameType } from "./frames.ts";
import * as limits from "./limits.ts";
import { Setting } from "./settings.ts";

const echo = unary(Toy.echo, (request) => request);
/** Never resolves. */
const hang = new Promise<void>(() => undefined);
const CALM = Http2Code.ENHANCE_YOUR_CALM;

interface Attack {
  readonly toy: ToyServer;
  readonly attacker: RawClient;
  readonly clock: ManualClock;
}

/** Runs an attack beside a well-behaved client, which is served before, during and after it. */
async function attack(
  body: (attack: Attack) => Promise<void>,
  methods: readonly MethodRegistration[] = [echo],
): Promise<void> {
  const clock = new ManualClock();
  const toy = await startToy(methods, { clock, concurrentStreamsMax: 100_000 });
  const bystander = await RawClient.open(toy.port);
  let nextId = 1;
  const checkBystander = async (): Promise<void> => {
    bystander.call(nextId, "still here", { ...GRPC_HEADERS, ":path": "/toy.Toy/Nope" });
    assert.equal((await bystander.trailers(nextId))["grpc-status"], "12");
    nextId += 2;
  };
  await checkBystander();
  const attacker = await RawClient.open(toy.port);
  await attacker.hear(({ type, flags }) => type === FrameType.SETTINGS && flags === Flag.ACK);
  await body({ toy, attacker, clock });
  await checkBystander();
  await Promise.all([attacker.close(), bystander.close()]);
  const closed = toy.close();
  clock.advance(10_000);
  await closed;
}

/** Sends chunks until the server hangs up. */
async function flood(attacker: RawClient, chunk: (round: number) => Uint8Array): Promise<void> {
  let isClosed = false;
  void attacker.closed.then(() => {
    isClosed = true;
  });
  for (let round = 0; round < 2000 && !isClosed; round += 20) {
    attacker.write(Buffer.concat(Array.from({ length: 20 }, (_, index) => chunk(round + index))));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function assertCalmed(attacker: RawClient, text: RegExp): Promise<void> {
  const goaway = await attacker.goaway();
  assert.equal(goaway.code, CALM);
  assert.match(goaway.text, text);
}

test("rapid reset: of calls under way leaves few handlers running, further streams are refused", () => {
  const canceled: Call[] = [];
  let running = 0;
  const never = unary(Toy.echo, (_request, call) => {
    running += 1;
    call.onCancel(() => canceled.push(call));
    return new Promise<string>(() => undefined);
  });
  return attack(
    async ({ attacker }) => {
      const block = attacker.block(GRPC_HEADERS);
      await flood(attacker, (round) => {
        const id = 2 * round + 1;
        return Buffer.concat([
          encodeFrame(FrameType.HEADERS, Flag.END_HEADERS, id, block),
          encodeFrame(FrameType.DATA, Flag.END_STREAM, id, grpcMessage("x")),
          encodeRstStream(id, Http2Code.CANCEL),
        ]);
      });
      await attacker.settled();
      assert.equal(running, limits.ABANDONED_HANDLERS_MAX);
      assert.equal(canceled.length, running);
      const refused = attacker.frames.filter(({ type }) => type === FrameType.RST_STREAM);
      assert.equal(refused.length, 2000 - running);
      assert.ok(refused.every(({ payload }) => payload[3] === Http2Code.REFUSED_STREAM));
    },
    [never],
  );
});

test("rapid reset: of streams whose request is never sent", () =>
  attack(async ({ attacker }) => {
    const block = attacker.block(GRPC_HEADERS);
    await flood(attacker, (round) => {
      const id = 2 * round + 1;
      return Buffer.concat([
        encodeFrame(FrameType.HEADERS, Flag.END_HEADERS, id, block),
        encodeRstStream(id, Http2Code.CANCEL),
      ]);
    });
    await assertCalmed(attacker, /too many resets/);
  }));

test("MadeYouReset: by window updates of nothing", () =>
  attack(async ({ attacker }) => {
    const block = attacker.block(GRPC_HEADERS);
    await flood(attacker, (round) => {
      const id = 2 * round + 1;
      return Buffer.concat([
        encodeFrame(FrameType.HEADERS, Flag.END_HEADERS, id, block),
        encodeWindowUpdate(id, 0),
      ]);
    });
    await assertCalmed(attacker, /too many resets/);
  }));

test("MadeYouReset: by content that is longer than was said", () =>
  attack(async ({ attacker }) => {
    const block = attacker.block({ ...GRPC_HEADERS, "content-length": "1" });
    await flood(attacker, (round) => {
      const id = 2 * round + 1;
      return Buffer.concat([
        encodeFrame(FrameType.HEADERS, Flag.END_HEADERS, id, block),
        encodeFrame(FrameType.DATA, 0, id, Buffer.from("xx")),
      ]);
    });
    await assertCalmed(attacker, /too many resets/);
  }));

test("CONTINUATION flood: of many frames", () =>
  attack(async ({ attacker }) => {
    attacker.send(FrameType.HEADERS, 0, 1, attacker.block(GRPC_HEADERS));
    await flood(attacker, () => encodeFrame(FrameType.CONTINUATION, 0, 1, Buffer.alloc(0)));
    await assertCalmed(attacker, /too many CONTINUATION/);
  }));

test("CONTINUATION flood: of large frames", () =>
  attack(async ({ attacker }) => {
    attacker.send(FrameType.HEADERS, 0, 1, Buffer.alloc(16_384));
    await flood(attacker, () => encodeFrame(FrameType.CONTINUATION, 0, 1, Buffer.alloc(16_384)));
    await assertCalmed(attacker, /header block too large/);
  }));

test("slow headers: a block that is not finished in time", () =>
  attack(async ({ attacker, clock }) => {
    attacker.send(FrameType.PING, 0, 0, Buffer.alloc(8));
    attacker.send(FrameType.HEADERS, 0, 1, attacker.block(GRPC_HEADERS));
    await attacker.hear(({ type, flags }) => type === FrameType.PING && flags === Flag.ACK);
    clock.advance(limits.HEADER_BLOCK_TIMEOUT_MS);
    await assertCalmed(attacker, /takes too long/);
  }));

test("a list over the limit is refused, and the connection goes on", () =>
  attack(async ({ attacker }) => {
    attacker.headers(1, {
      ...GRPC_HEADERS,
      "x-long": "\\".repeat(limits.HEADER_LIST_BYTES_MAX - 300),
    });
    assert.equal(await attacker.resetCode(1), CALM);
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, ""]));
    attacker.headers(3, { ...GRPC_HEADERS, ...many });
    assert.equal(await attacker.resetCode(3), CALM);
    attacker.call(5, "fits");
    assert.equal((await attacker.trailers(5))["grpc-status"], "0");
  }));

test("HPACK bomb: references to a large entry", () =>
  attack(async ({ attacker }) => {
    const name = Buffer.concat([Buffer.from([0x40, 1]), Buffer.from("a")]);
    const value = Buffer.concat([Buffer.from([0x7f, 0xa1, 0x1d]), Buffer.alloc(3872, 0x61)]);
    const bomb = Buffer.concat([name, value, Buffer.alloc(12_000, 0xbe)]);
    attacker.send(FrameType.HEADERS, Flag.END_HEADERS, 1, bomb);
    await assertCalmed(attacker, /header list too large/);
  }));

test("HTTP/2 bomb: many references to a small entry", () =>
  attack(async ({ attacker }) => {
    attacker.send(FrameType.HEADERS, Flag.END_HEADERS, 1, Buffer.alloc(16_000, 0x82));
    await assertCalmed(attacker, /header list too large/);
  }));

test("more streams than allowed are refused, and served when there is room again", async () => {
  const toy = await startToy(
    [
      bidi(Toy.chat, (call) => {
        call.sendInitialMetadata();
        return { onMessage: () => undefined, onEnd: () => undefined };
      }),
      echo,
    ],
    { concurrentStreamsMax: 2 },
  );
  const client = await RawClient.open(toy.port);
  const chat = { ...GRPC_HEADERS, ":path": Toy.chat.path };
  for (const id of [1, 3, 5]) client.headers(id, chat);
  assert.equal(await client.resetCode(5), Http2Code.REFUSED_STREAM);
  client.write(encodeRstStream(1, Http2Code.CANCEL));
  client.call(7, "room");
  assert.equal((await client.trailers(7))["grpc-status"], "0");
  await client.close();
  await toy.close();
});

test("SETTINGS flood", () =>
  attack(async ({ attacker }) => {
    const settings = encodeFrame(FrameType.SETTINGS, 0, 0, Buffer.alloc(0));
    await flood(attacker, () => settings);
    await assertCalmed(attacker, /too many settings/);
  }));

test("SETTINGS with more entries than anyone needs", () =>
  attack(async ({ attacker }) => {
    const payload = Buffer.alloc(6 * (limits.SETTINGS_ENTRIES_MAX + 1));
    attacker.send(FrameType.SETTINGS, 0, 0, payload);
    await assertCalmed(attacker, /too many settings/);
  }));

test("PRIORITY flood", () =>
  attack(async ({ attacker }) => {
    const some = Buffer.concat(
      Array.from({ length: 100 }, () => encodeFrame(FrameType.PRIORITY, 0, 1, Buffer.alloc(5))),
    );
    await flood(attacker, () => some);
    await assertCalmed(attacker, /useless/);
  }));

test("PING flood: too fast", () =>
  attack(async ({ attacker }) => {
    await flood(attacker, () => encodeFrame(FrameType.PING, 0, 0, Buffer.alloc(8)));
    await assertCalmed(attacker, /^too_many_pings$/);
  }));

test("pings at the permitted pace, with a stream open, are no flood", () =>
  attack(
    async ({ attacker, clock }) => {
      attacker.headers(1, { ...GRPC_HEADERS, ":path": Toy.chat.path });
      for (let round = 0; round < 10; round++) {
        clock.advance(5_000);
        await attacker.settled();
      }
      for (let round = 0; round < 2; round++) await attacker.settled();
      attacker.send(FrameType.PING, 0, 0, Buffer.alloc(8));
      await assertCalmed(attacker, /^too_many_pings$/);
    },
    [bidi(Toy.chat, () => ({ onMessage: () => undefined, onEnd: () => undefined }))],
  ));

test("answers that the client does not read end the connection, not the memory", async () => {
  const clock = new ManualClock();
  const toy = await startToy([echo], { clock, concurrentStreamsMax: 1 });
  const attacker = await RawClient.open(toy.port);
  attacker.headers(1);
  attacker.socket.pause();
  const block = attacker.block(GRPC_HEADERS);
  let isClosed = false;
  attacker.socket.once("error", () => {
    isClosed = true;
  });
  // What both kernels buffer comes first: some megabytes of answers of 13 bytes.
  for (let id = 3; !isClosed && id < 4_000_000; ) {
    const frames: Buffer[] = [];
    for (let count = 0; count < 5000; count++, id += 2) {
      frames.push(encodeFrame(FrameType.HEADERS, Flag.END_HEADERS, id, block));
    }
    attacker.write(Buffer.concat(frames));
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(limits.CLOSE_TIMEOUT_MS);
  }
  attacker.socket.resume();
  await attacker.closed;
  const stopped = toy.close();
  clock.advance(10_000);
  await stopped;
});

test("empty DATA frames", () =>
  attack(async ({ attacker }) => {
    attacker.headers(1);
    await flood(attacker, () => encodeFrame(FrameType.DATA, 0, 1, Buffer.alloc(0)));
    await assertCalmed(attacker, /empty frames/);
  }));

test("DATA frames of nothing but padding", () =>
  attack(async ({ attacker }) => {
    attacker.headers(1);
    const padding = Buffer.alloc(101);
    padding[0] = 100;
    await flood(attacker, () => encodeFrame(FrameType.DATA, Flag.PADDED, 1, padding));
    await assertCalmed(attacker, /empty frames/);
  }));

test("WINDOW_UPDATE flood", () =>
  attack(async ({ attacker }) => {
    await flood(attacker, () => encodeWindowUpdate(0, 1));
    await assertCalmed(attacker, /window updates/);
  }));

test("slow read: requests wait while responses are not read, and memory stays bounded", () => {
  const big = "x".repeat(1024 * 1024);
  let served = 0;
  const grow = unary(Toy.echo, () => {
    served += 1;
    return big;
  });
  return attack(
    async ({ attacker, clock }) => {
      for (let id = 1; id < 200; id += 2) attacker.call(id, "more");
      await attacker.settled();
      assert.equal(served, 9);
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

test("a client that stays silent has ten seconds, before and after the preface", async () => {
  const clock = new ManualClock();
  const toy = await startToy([echo], { clock });
  const mute = connect(toy.port, "127.0.0.1");
  await once(mute, "connect");
  const half = connect(toy.port, "127.0.0.1");
  half.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  const client = new RawClient(half);
  await client.hear(({ type }) => type === FrameType.SETTINGS);
  const closed = Promise.all([once(mute.resume(), "close"), client.goaway()]);
  clock.advance(limits.PREFACE_TIMEOUT_MS);
  const [, goaway] = await closed;
  assert.equal(goaway.code, Http2Code.SETTINGS_TIMEOUT);
  const stopped = toy.close();
  clock.advance(10_000);
  await stopped;
});

test("connections that have not said who they are are limited in number", async () => {
  const toy = await startToy([echo]);
  const mute = Array.from({ length: limits.PENDING_CONNECTIONS_MAX }, () =>
    connect(toy.port, "127.0.0.1"),
  );
  await Promise.all(mute.map((socket) => once(socket, "connect")));
  const late = connect(toy.port, "127.0.0.1");
  await once(late.resume(), "close");
  for (const socket of mute) socket.destroy();
  const settled = async (): Promise<boolean> => {
    const client = await RawClient.open(toy.port);
    client.call(1, "x");
    const isServed = await client.trailers(1).then(
      () => true,
      () => false,
    );
    await client.close();
    return isServed;
  };
  while (!(await settled()));
  await toy.close();
});

test("a body beyond the stream's window", () =>
  attack(
    async ({ attacker }) => {
      attacker.headers(1, { ...GRPC_HEADERS, ":path": Toy.chat.path });
      const message = grpcMessage(Buffer.alloc(16_000));
      for (let sent = 0; sent <= limits.STREAM_WINDOW_BYTES; sent += message.length) {
        attacker.data(1, message, false);
      }
      assert.equal(await attacker.resetCode(1), Http2Code.FLOW_CONTROL_ERROR);
    },
    [bidi(Toy.chat, () => ({ onMessage: () => hang, onEnd: () => undefined }))],
  ));

test("requests that are begun and never finished: held up to the limit, then the connection ends", () => {
  const chat = bidi(Toy.chat, () => ({
    onMessage: () => hang,
    onEnd: () => undefined,
  }));
  return attack(
    async ({ attacker, toy }) => {
      const part = grpcMessage(Buffer.alloc(16_000));
      const headers = { ...GRPC_HEADERS, ":path": Toy.chat.path };
      const block = attacker.block(headers);
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
    [chat],
  );
});

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

test("small settings of the peer are kept to", async () => {
  const toy = await startToy([unary(Toy.echo, () => "y".repeat(100))]);
  const client = await RawClient.open(toy.port, [
    [Setting.INITIAL_WINDOW_SIZE, 10],
    [Setting.HEADER_TABLE_SIZE, 0],
  ]);
  client.call(1, "x");
  await client.settled();
  const data = client.frames.filter(({ type }) => type === FrameType.DATA);
  assert.deepEqual(
    data.map(({ payload }) => payload.length),
    [10],
  );
  client.send(FrameType.SETTINGS, 0, 0, Buffer.from([0, Setting.INITIAL_WINDOW_SIZE, 0, 0, 0, 20]));
  client.write(encodeWindowUpdate(1, 1000));
  assert.equal((await client.trailers(1))["grpc-status"], "0");
  const total = client.frames.filter(({ type }) => type === FrameType.DATA);
  assert.equal(Buffer.concat(total.map(({ payload }) => payload)).length, 105);
  await client.close();
  await toy.close();
});
