/**
 * Every limit of limits.ts, attacked over a real socket: the attacker's connection ends as it should, and
 * a well-behaved connection beside it does not notice.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bidi, type Call, unary } from "../service.ts";
import { assertCalmed, attack, flood } from "../testing/attack.ts";
import { GRPC_HEADERS, grpcMessage, type HeardFrame, RawClient } from "../testing/raw-client.ts";
import { startToy, Toy } from "../testing/toy-service.ts";
import { Http2Code } from "./error-codes.ts";
import {
  encodeFrame,
  encodeRstStream,
  encodeSettings,
  encodeWindowUpdate,
  Flag,
  FrameType,
} from "./frames.ts";
import * as limits from "./limits.ts";
import { Setting } from "./settings.ts";

const echo = unary(Toy.echo, (request) => request);
/** Never resolves. */
const hang = new Promise<void>(() => undefined);

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
    { hungBytes: limits.ABANDONED_HANDLERS_MAX },
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

test("rapid reset: of calls whose answer has no window to leave by", () =>
  attack(async ({ attacker }) => {
    attacker.write(encodeSettings([[Setting.INITIAL_WINDOW_SIZE, 0]]));
    const block = attacker.block(GRPC_HEADERS);
    await flood(attacker, (round) => {
      const id = 2 * round + 1;
      return Buffer.concat([
        encodeFrame(FrameType.HEADERS, Flag.END_HEADERS, id, block),
        encodeFrame(FrameType.DATA, Flag.END_STREAM, id, grpcMessage("x")),
        encodeRstStream(id, Http2Code.CANCEL),
      ]);
    });
    await assertCalmed(attacker, /too many resets/);
  }));

test("rapid reset: not of clients that hang up when they have their answer", () =>
  attack(
    async ({ attacker }) => {
      const block = attacker.block({ ...GRPC_HEADERS, ":path": Toy.chat.path });
      const hangUp = (id: number): Uint8Array[] => [
        encodeFrame(FrameType.DATA, Flag.END_STREAM, id, Buffer.alloc(0)),
        encodeRstStream(id, Http2Code.CANCEL),
      ];
      const count = limits.RESETS_BURST * 2;
      for (let id = 1; id < 2 * count; id += 2) {
        attacker.write(
          Buffer.concat([
            ...(id > 1 ? hangUp(id - 2) : []),
            encodeFrame(FrameType.HEADERS, Flag.END_HEADERS, id, block),
            encodeFrame(FrameType.DATA, 0, id, grpcMessage("x")),
          ]),
        );
        // What was heard before need not be looked at again.
        attacker.frames.length = 0;
        await attacker.hear(({ type, streamId }) => type === FrameType.DATA && streamId === id);
        const ends = attacker.frames.filter(({ flags }) => (flags & Flag.END_STREAM) !== 0);
        assert.deepEqual(ends, [], "trailers for a stream that is reset");
      }
    },
    [
      echo,
      bidi(Toy.chat, (_call, sink) => ({
        onMessage: (request) => void sink.write(request),
        onEnd: () => sink.end(),
      })),
    ],
  ));

/** What makes the server reset a stream that has been opened, and whether its request was complete. */
const PRIMITIVES: [what: string, body: "open" | "ended", frame: (id: number) => Buffer][] = [
  ["a window update of nothing", "open", (id) => encodeWindowUpdate(id, 0)],
  ["a window that overflows", "open", (id) => encodeWindowUpdate(id, 0x7fff_ffff)],
  [
    "more content than was said",
    "open",
    (id) => encodeFrame(FrameType.DATA, 0, id, Buffer.from("xx")),
  ],
  [
    "headers that are no trailers",
    "open",
    (id) => encodeFrame(FrameType.HEADERS, Flag.END_HEADERS, id, Buffer.alloc(0)),
  ],
  [
    "trailers with a pseudo-header",
    "open",
    (id) =>
      encodeFrame(FrameType.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, id, Buffer.from([0x83])),
  ],
  [
    "data after the end",
    "ended",
    (id) => encodeFrame(FrameType.DATA, Flag.END_STREAM, id, Buffer.from("x")),
  ],
];

for (const [what, body, frame] of PRIMITIVES) {
  test(`MadeYouReset: by ${what}`, () =>
    attack(async ({ attacker }) => {
      const isEnded = body === "ended";
      const block = attacker.block({
        ...GRPC_HEADERS,
        ...(isEnded ? {} : { "content-length": "1" }),
      });
      await flood(attacker, (round) => {
        const id = 2 * round + 1;
        const flags = Flag.END_HEADERS | (isEnded ? Flag.END_STREAM : 0);
        return Buffer.concat([encodeFrame(FrameType.HEADERS, flags, id, block), frame(id)]);
      });
      await assertCalmed(attacker, /too many resets/);
    }));
}

test("MadeYouReset: handlers that go on are counted, whoever has reset their stream", () => {
  let running = 0;
  const never = unary(Toy.echo, () => {
    running += 1;
    return new Promise<string>(() => undefined);
  });
  return attack(
    async ({ attacker }) => {
      const block = attacker.block(GRPC_HEADERS);
      for (let round = 0; round < 500; round++) {
        const id = 2 * round + 1;
        attacker.send(FrameType.HEADERS, Flag.END_HEADERS, id, block);
        attacker.data(id, grpcMessage("x"));
        attacker.write(encodeWindowUpdate(id, 0));
      }
      await attacker.settled();
      assert.equal(running, limits.ABANDONED_HANDLERS_MAX);
      assert.equal(await attacker.resetCode(999), Http2Code.REFUSED_STREAM);
    },
    [never],
    { hungBytes: limits.ABANDONED_HANDLERS_MAX },
  );
});

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
    attacker.send(FrameType.SETTINGS, 0, 0);
    attacker.send(FrameType.HEADERS, 0, 1, attacker.block(GRPC_HEADERS));
    const isAck = ({ type, flags }: HeardFrame): boolean =>
      type === FrameType.SETTINGS && flags === Flag.ACK;
    // The other SETTINGS are those of the greeting.
    await attacker.hear(() => attacker.frames.filter(isAck).length === 2);
    clock.advance(limits.HEADER_BLOCK_TIMEOUT_MS);
    await assertCalmed(attacker, /takes too long/);
  }));

test("long metadata: taken to the limit, refused with a status above it, and the connection goes on", () =>
  attack(
    async ({ attacker }) => {
      attacker.call(1, "long", { ...GRPC_HEADERS, "x-long": "v".repeat(60_000) });
      assert.equal((await attacker.trailers(1))["grpc-status"], "0");
      const tooLong = { "x-long": "v".repeat(limits.HEADER_LIST_BYTES_MAX) };
      const many = Array.from({ length: limits.HEADER_FIELDS_MAX }, (_, index) => [
        `x-${index}`,
        "",
      ]);
      attacker.headers(3, { ...GRPC_HEADERS, ...tooLong }, Flag.END_STREAM);
      attacker.headers(5, { ...GRPC_HEADERS, ...Object.fromEntries(many) }, Flag.END_STREAM);
      for (const id of [3, 5]) {
        const fields = await attacker.trailers(id);
        assert.deepEqual([fields[":status"], fields["grpc-status"]], ["200", "8"]);
        assert.match(fields["grpc-message"] ?? "", /^received metadata larger than max/);
      }
      attacker.headers(7, { ":method": "GET", ":scheme": "http", ":path": "/", ...tooLong });
      assert.equal((await attacker.trailers(7))[":status"], "431");
    },
    [echo],
  ));

test("long metadata: what enters the dynamic table beyond the limit is in it afterwards", () => {
  let seen: string | undefined;
  const look = unary(Toy.echo, (request, call) => {
    seen = call.get("x-after");
    return request;
  });
  return attack(
    async ({ attacker }) => {
      const long = { ...GRPC_HEADERS, "x-long": "v".repeat(limits.HEADER_LIST_BYTES_MAX) };
      const indexed = Buffer.from("\x40\x07x-after\x04kept", "latin1");
      const newest = Buffer.from([0x80 | 62]);
      attacker.sendBlock(1, Buffer.concat([attacker.block(long), indexed]), Flag.END_STREAM);
      attacker.sendBlock(3, Buffer.concat([attacker.block(GRPC_HEADERS), newest]));
      attacker.data(3, grpcMessage("x"));
      assert.equal((await attacker.trailers(1))["grpc-status"], "8");
      assert.equal((await attacker.trailers(3))["grpc-status"], "0");
      assert.equal(seen, "kept");
    },
    [look],
  );
});

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
    { hungBytes: 16_000 },
  ));

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
