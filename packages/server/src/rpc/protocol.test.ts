/** gRPC over HTTP/2, as clients see it on the wire. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { createDeferred } from "../lib/deferred.ts";
import { Http2Code } from "./http2/error-codes.ts";
import {
  encodeRstStream,
  encodeWindowUpdate,
  Flag,
  FrameType,
  readUint32,
} from "./http2/frames.ts";
import { Setting } from "./http2/settings.ts";
import { bidi, type Call, type MethodRegistration, serverStream, unary } from "./service.ts";
import { RpcError } from "./status.ts";
import { ManualClock } from "../env/testing/manual-clock.ts";
import { turn } from "./testing/attack.ts";
import { heldSocketPair } from "./testing/held-socket.ts";
import { GRPC_HEADERS, grpcMessage, type HeardFrame, RawClient } from "./testing/raw-client.ts";
import { ask, LONG_ECHO, startToy, Toy, type ToyServer } from "./testing/toy-service.ts";
import type { RpcServerOptions } from "./server.ts";

const echo = unary(Toy.echo, (request) => request);
const count = serverStream(Toy.count, (request, _call, sink) => {
  sink.write(request);
  sink.end();
});
const MIB = 1024 * 1024;
const CHAT = { ...GRPC_HEADERS, ":path": Toy.chat.path };

async function converse(
  body: (client: RawClient, toy: ToyServer) => Promise<void>,
  methods: readonly MethodRegistration[] = [echo, count],
  options: Partial<RpcServerOptions> = {},
): Promise<void> {
  const toy = await startToy(methods, options);
  const client = await RawClient.open(toy.port);
  await body(client, toy);
  await client.close();
  await toy.close();
}

const without = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(GRPC_HEADERS).filter(([key]) => key !== name));

const REFUSED: [what: string, headers: Record<string, string>, status: string[]][] = [
  [
    "no content-type",
    without("content-type"),
    ["415", "3", 'invalid gRPC request content-type ""'],
  ],
  [
    "another content-type",
    { ...GRPC_HEADERS, "content-type": "application/grpcish" },
    ["415", "3", 'invalid gRPC request content-type "application/grpcish"'],
  ],
  [
    "another method",
    { ...GRPC_HEADERS, ":method": "GET" },
    ["405", "13", 'Received a HEADERS frame with :method "GET" which should be POST'],
  ],
  [
    "a path without a slash",
    { ...GRPC_HEADERS, ":path": "toy.Toy/Echo" },
    ["200", "12", 'malformed method name: "toy.Toy/Echo"'],
  ],
  [
    "a path of one part",
    { ...GRPC_HEADERS, ":path": "/x" },
    ["200", "12", 'malformed method name: "/x"'],
  ],
  [
    "an unknown service",
    { ...GRPC_HEADERS, ":path": "/a.B/C" },
    ["200", "12", "unknown service a.B"],
  ],
  [
    "an unknown method",
    { ...GRPC_HEADERS, ":path": "/toy.Toy/Nope" },
    ["200", "12", "unknown method Nope for service toy.Toy"],
  ],
  [
    "an unknown encoding",
    { ...GRPC_HEADERS, "grpc-encoding": "zstd" },
    ["200", "12", 'grpc: Decompressor is not installed for grpc-encoding "zstd"'],
  ],
  [
    "a malformed timeout",
    { ...GRPC_HEADERS, "grpc-timeout": "123456789S" },
    ["400", "13", 'malformed grpc-timeout: transport: timeout string is too long: "123456789S"'],
  ],
  [
    "a timeout of nothing",
    { ...GRPC_HEADERS, "grpc-timeout": "S" },
    ["400", "13", 'malformed grpc-timeout: transport: timeout string is too short: "S"'],
  ],
  [
    "a timeout in no unit",
    { ...GRPC_HEADERS, "grpc-timeout": "5X" },
    ["400", "13", 'malformed grpc-timeout: transport: timeout unit is not recognized: "5X"'],
  ],
  [
    "a negative timeout",
    { ...GRPC_HEADERS, "grpc-timeout": "-5S" },
    ["400", "13", 'malformed grpc-timeout: strconv.ParseUint: parsing "-5": invalid syntax'],
  ],
  [
    "malformed binary metadata",
    { ...GRPC_HEADERS, "x-bin": "a" },
    [
      "400",
      "13",
      'malformed binary metadata "a" in header "x-bin": illegal base64 data at input byte 0',
    ],
  ],
  [
    "a deadline that has passed",
    { ...GRPC_HEADERS, "grpc-timeout": "0n" },
    ["200", "4", "context deadline exceeded"],
  ],
  [
    "a deadline too near to keep",
    { ...GRPC_HEADERS, "grpc-timeout": "999n" },
    ["200", "4", "context deadline exceeded"],
  ],
];

for (const [what, headers, expected] of REFUSED) {
  test(`refused in one block, with the stream given back: ${what}`, () =>
    converse(async (client) => {
      client.headers(1, headers);
      const fields = await client.trailers(1);
      assert.deepEqual(
        [fields[":status"], fields["grpc-status"], fields["grpc-message"]],
        expected,
      );
      assert.equal(await client.resetCode(1), Http2Code.NO_ERROR);
      // What the client had on its way is no error.
      client.data(1, grpcMessage("late"));
      client.call(3, "next");
      assert.equal((await client.trailers(3))["grpc-status"], "0");
    }));
}

const MALFORMED: [what: string, headers: Record<string, string>][] = [
  ["connection", { ...GRPC_HEADERS, connection: "close" }],
  ["te other than trailers", { ...GRPC_HEADERS, te: "gzip" }],
  ["an upper-case name", { ...GRPC_HEADERS, "X-Upper": "1" }],
  ["no path", without(":path")],
  ["a value with a line feed", { ...GRPC_HEADERS, "x-lf": "a\nb" }],
];

for (const [what, headers] of MALFORMED) {
  test(`malformed, hence reset: ${what}`, () =>
    converse(async (client) => {
      client.headers(1, headers);
      assert.equal(await client.resetCode(1), Http2Code.PROTOCOL_ERROR);
    }));
}

test("a status that comes before the request has ended gives the stream back", () =>
  converse(
    async (client) => {
      client.headers(1);
      client.data(1, grpcMessage("x".repeat(2000)).subarray(0, 10), false);
      const fields = await client.trailers(1);
      assert.equal(
        fields["grpc-message"],
        "grpc: received message larger than max (2000 vs. 1000)",
      );
      assert.equal(await client.resetCode(1), Http2Code.NO_ERROR);
    },
    [echo],
    { receiveBytesMax: 1000 },
  ));

test("messages cut into any frames arrive whole", () =>
  converse(async (client) => {
    const message = grpcMessage("the quick brown fox");
    for (let cut = 0, id = 1; cut <= message.length; cut++, id += 2) {
      client.headers(id);
      client.data(id, message.subarray(0, cut), false);
      client.data(id, message.subarray(cut));
      assert.equal((await client.trailers(id))["grpc-status"], "0");
      const data = client.frames.filter(
        ({ type, streamId }) => type === FrameType.DATA && streamId === id,
      );
      assert.equal(data[0]?.payload.toString("utf8", 5), "the quick brown fox");
    }
  }));

test("padding is no part of the message, and its window is given back", () =>
  converse(async (client) => {
    for (let id = 1; id < 400; id += 2) {
      client.headers(id);
      const padded = Buffer.concat([Buffer.from([255]), grpcMessage("p"), Buffer.alloc(255)]);
      client.send(FrameType.DATA, Flag.PADDED | Flag.END_STREAM, id, padded);
      assert.equal((await client.trailers(id))["grpc-status"], "0");
    }
  }));

test("gzip: requests are inflated, within the limit", () =>
  converse(
    async (client) => {
      const gzipped = { ...GRPC_HEADERS, "grpc-encoding": "gzip" };
      const table: [Buffer, Record<string, string>, string, string | undefined][] = [
        [grpcMessage(gzipSync("small"), 1), gzipped, "0", undefined],
        [grpcMessage("plain"), gzipped, "0", undefined],
        [
          grpcMessage(gzipSync(Buffer.alloc(100_000)), 1),
          gzipped,
          "8",
          "grpc: received message after decompression larger than max 1000",
        ],
        [
          grpcMessage("this is no gzip", 1),
          gzipped,
          "13",
          "grpc: failed to decompress the message: gzip: invalid header",
        ],
        [
          grpcMessage(gzipSync("small").subarray(0, -4), 1),
          gzipped,
          "13",
          "grpc: failed to read decompressed data: unexpected EOF",
        ],
        [grpcMessage("", 1), gzipped, "13", "grpc: failed to decompress the message: EOF"],
        [
          grpcMessage("x", 1),
          GRPC_HEADERS,
          "13",
          "grpc: compressed flag set with identity or empty encoding",
        ],
        [grpcMessage("x", 2), GRPC_HEADERS, "13", "grpc: received unexpected payload format 2"],
      ];
      for (const [index, [body, headers, status, text]] of table.entries()) {
        const id = 2 * index + 1;
        client.headers(id, headers);
        client.data(id, body);
        const fields = await client.trailers(id);
        assert.deepEqual([fields["grpc-status"], fields["grpc-message"]], [status, text]);
      }
    },
    [echo],
    { receiveBytesMax: 1000 },
  ));

test("gzip: a client that compresses gets compressed responses, one that only could does not", () =>
  converse(async (client) => {
    const text = "long ".repeat(1000);
    const gzip = { "grpc-encoding": "gzip" };
    const table: [string, Record<string, string>, boolean][] = [
      [Toy.echo.path, gzip, true],
      [Toy.count.path, gzip, true],
      [Toy.echo.path, { "grpc-accept-encoding": "gzip" }, false],
      [Toy.echo.path, { "grpc-encoding": "identity" }, false],
    ];
    for (const [index, [path, headers, isGzipped]] of table.entries()) {
      const id = 2 * index + 1;
      client.call(id, text, { ...GRPC_HEADERS, ":path": path, ...headers });
      assert.equal((await client.trailers(id))["grpc-status"], "0");
      const heard = client.frames.filter(({ streamId }) => streamId === id);
      const [first] = heard;
      assert.equal(first?.fields["grpc-encoding"], isGzipped ? "gzip" : undefined);
      const body = Buffer.concat(
        heard.filter(({ type }) => type === FrameType.DATA).map(({ payload }) => payload),
      );
      assert.equal(body[0], isGzipped ? 1 : 0);
      assert.equal(body.readUInt32BE(1), body.length - 5);
      const message = isGzipped ? gunzipSync(body.subarray(5)) : body.subarray(5);
      assert.equal(message.toString(), text);
    }
  }));

test("gzip: messages that are tiny or very long are sent as they are", () =>
  converse(
    async (client) => {
      for (const [id, length] of [
        [1, 10],
        [3, 300_000],
      ] as const) {
        client.write(encodeWindowUpdate(0, length));
        client.headers(id, { ...GRPC_HEADERS, "grpc-encoding": "gzip" });
        client.write(encodeWindowUpdate(id, length));
        client.data(id, grpcMessage(String(length)));
        assert.equal((await client.trailers(id))["grpc-status"], "0");
        const data = await client.hear(
          ({ type, streamId }) => type === FrameType.DATA && streamId === id,
        );
        assert.equal(data.payload[0], 0);
        assert.equal(data.payload.readUInt32BE(1), length);
      }
    },
    [unary(Toy.echo, (request) => "y".repeat(Number(request)))],
  ));

const NONE = "cardinality violation: received no request message from non-client-streaming RPC";
const MANY =
  "cardinality violation: received multiple request messages for non-client-streaming RPC";
const ONE = grpcMessage("1234");

/** As grpc-go 1.82 answers each of them. */
const CARDINALITY: [what: string, path: string, body: Buffer, status: [string, string?]][] = [
  ["unary without a request", Toy.echo.path, Buffer.alloc(0), ["2", "EOF"]],
  ["unary with two", Toy.echo.path, Buffer.concat([ONE, ONE]), ["0"]],
  ["unary with one and a part", Toy.echo.path, Buffer.concat([ONE, ONE.subarray(1)]), ["0"]],
  ["unary with one and noise", Toy.echo.path, Buffer.concat([ONE, Buffer.alloc(9, 9)]), ["0"]],
  ["unary with a part of one", Toy.echo.path, ONE.subarray(0, 7), ["2", "unexpected EOF"]],
  ["unary cut in a prefix", Toy.echo.path, ONE.subarray(0, 3), ["2", "EOF"]],
  ["a server stream without a request", Toy.count.path, Buffer.alloc(0), ["13", NONE]],
  ["a server stream with two", Toy.count.path, Buffer.concat([ONE, ONE]), ["13", MANY]],
  [
    "a server stream cut in a request",
    Toy.count.path,
    ONE.subarray(0, 7),
    ["13", "unexpected EOF"],
  ],
  ["a server stream cut in a prefix", Toy.count.path, ONE.subarray(0, 3), ["13", NONE]],
];

for (const [what, path, body, [status, text]] of CARDINALITY) {
  test(`requests that are not one: ${what}`, () =>
    converse(async (client) => {
      client.headers(1, { ...GRPC_HEADERS, ":path": path });
      client.data(1, body);
      const fields = await client.trailers(1);
      assert.deepEqual([fields["grpc-status"], fields["grpc-message"]], [status, text]);
    }));
}

test("a server stream goes on however often its client makes it wait", () =>
  converse(
    async (client) => {
      client.call(1, "go", { ...GRPC_HEADERS, ":path": Toy.count.path });
      client.write(encodeWindowUpdate(0, 1_000_000));
      for (let given = 0; given < 10; given++) {
        client.write(encodeWindowUpdate(1, 100_000));
        await client.hear(
          () => client.frames.filter(({ type }) => type === FrameType.DATA).length > given,
        );
      }
      assert.equal((await client.trailers(1))["grpc-status"], "0");
    },
    [
      serverStream(Toy.count, async (_request, call, sink) => {
        for (let sent = 0; sent < 10; sent++) {
          if (sink.write("x".repeat(60_000))) continue;
          await new Promise<void>((resolve) => {
            sink.onDrain(resolve);
            call.onCancel(resolve);
          });
        }
        sink.end();
      }),
    ],
    { sinkBytesMax: 50_000 },
  ));

test("what follows a request that ended its call is not kept", () =>
  converse(
    async (client, toy) => {
      client.headers(1, CHAT);
      const bad = grpcMessage(Buffer.from([0xff]));
      client.data(1, Buffer.concat([bad, grpcMessage("x".repeat(1000)).subarray(0, 500)]), false);
      assert.equal((await client.trailers(1))["grpc-status"], "13");
      await client.settled();
      assert.equal(toy.server.keptBytes, 0);
    },
    [bidi(Toy.chat, () => ({ onMessage: () => undefined, onEnd: () => undefined }))],
  ));

test("unary: what comes behind the request is ignored, however much it is", () =>
  converse(async (client) => {
    client.headers(1);
    client.data(1, grpcMessage("first"), false);
    const isWindow = ({ type, streamId }: HeardFrame): boolean =>
      type === FrameType.WINDOW_UPDATE && streamId === 1;
    for (let sent = 1; sent <= 5; sent++) {
      client.data(1, Buffer.alloc(16_384), false);
      client.data(1, Buffer.alloc(16_384), false);
      await client.hear(() => client.frames.filter(isWindow).length >= sent);
    }
    client.data(1, Buffer.alloc(0));
    assert.equal((await client.trailers(1))["grpc-status"], "0");
    const data = await client.hear(({ type }) => type === FrameType.DATA);
    assert.equal(data.payload.toString("utf8", 5), "first");
  }));

test("deadlines: the call is canceled when its time is over, and not before", async () => {
  const clock = new ManualClock();
  const started: Call[] = [];
  const slow = unary(Toy.echo, (_request, call) => {
    started.push(call);
    return new Promise<string>(() => undefined);
  });
  const toy = await startToy([slow], { clock });
  const client = await RawClient.open(toy.port);
  for (const [id, timeout] of [
    [1, "2S"],
    [3, "500m"],
    [5, "100H"],
  ] as const) {
    client.call(id, "x", { ...GRPC_HEADERS, "grpc-timeout": timeout });
  }
  await client.settled();
  assert.deepEqual(
    started.map((call) => call.timeLeftMs()),
    [2000, 500, 360_000_000],
  );
  clock.advance(1000);
  assert.deepEqual(
    started.map((call) => call.isCanceled),
    [false, true, false],
  );
  const fields = await client.trailers(3);
  assert.deepEqual(
    [fields["grpc-status"], fields["grpc-message"]],
    ["4", "context deadline exceeded"],
  );
  clock.advance(1000);
  assert.equal((await client.trailers(1))["grpc-status"], "4");
  assert.equal(toy.server.openCalls, 1);
  await client.close();
  const stopped = toy.close();
  clock.advance(10_000);
  await stopped;
});

test("metadata: given by the handler, in front and behind, as bytes too", () =>
  converse(
    async (client) => {
      client.call(1, "x", { ...GRPC_HEADERS, "in-bin": "AAH/,ignored" });
      const trailers = await client.trailers(1);
      const headers = await client.hear(({ type }) => type === FrameType.HEADERS);
      assert.equal(headers.fields["x-first"], "one");
      assert.equal(trailers["x-last-bin"], "AAH/");
      assert.equal(trailers["grpc-status"], "5");
    },
    [
      unary(Toy.echo, (_request, call) => {
        call.setHeader("x-first", "one");
        call.setTrailer("x-last-bin", Buffer.from(call.get("in-bin") ?? "", "latin1"));
        throw new RpcError(5, "gone");
      }),
    ],
  ));

test("a status text longer than a frame arrives whole", () =>
  converse(
    async (_client, toy) => {
      const answer = await ask(toy.client, Toy.echo.path, "x");
      assert.deepEqual([answer.code, answer.details.length], [5, 12_000]);
    },
    [
      unary(Toy.echo, () => {
        throw new RpcError(5, "ü".repeat(12_000));
      }),
    ],
  ));

test("messages larger than every window arrive, both ways, as windows open", () =>
  converse(
    async (_client, toy) => {
      const text = "long".repeat(950_000);
      const answers = [1, 2, 3].map(() => ask(toy.client, Toy.echo.path, text));
      for (const { response } of await Promise.all(answers)) assert.ok(response === text);
    },
    [echo],
    { receiveBytesMax: 4_000_000 },
  ));

test("messages that are made while they are sent arrive whole, beside each other", () =>
  converse(
    async (_client, toy) => {
      const texts = ["long".repeat(700_000), "", "x", "longer".repeat(500_000)];
      const answers = await Promise.all(texts.map((text) => ask(toy.client, LONG_ECHO.path, text)));
      answers.forEach(({ response }, at) => assert.ok(response === texts[at]));
    },
    [unary(LONG_ECHO, (request) => request)],
    { receiveBytesMax: 4_000_000 },
  ));

test("of what waits a turn of the event loop sends a part, however much the client takes", async () => {
  const toy = await startToy([unary(LONG_ECHO, () => "x".repeat(4 * MIB))]);
  const [ours, theirs] = heldSocketPair();
  toy.server.accept(theirs.asSocket());
  const client = RawClient.greet(ours.asSocket(), [[Setting.INITIAL_WINDOW_SIZE, 2 ** 30]]);
  client.write(encodeWindowUpdate(0, 2 ** 30));
  client.call(1, "go");
  let most = 0;
  for (let before = 0; before < 4 * MIB; ) {
    await turn();
    most = Math.max(most, theirs.bytesWritten - before);
    before = theirs.bytesWritten;
  }
  assert.ok(most < MIB / 2, `${most} bytes in a turn`);
  assert.equal((await client.trailers(1))["grpc-status"], "0");
  await client.close();
  await toy.close();
});

test("a stream that the client resets is forgotten, with all it had queued", () => {
  const canceled = createDeferred<void>();
  return converse(
    async (client, toy) => {
      client.headers(1, CHAT);
      client.data(1, grpcMessage("go"), false);
      await client.hear(({ type }) => type === FrameType.DATA);
      assert.equal(toy.server.openCalls, 1);
      client.write(encodeRstStream(1, Http2Code.CANCEL));
      await canceled.promise;
      await client.settled();
      assert.equal(toy.server.openCalls, 0);
    },
    [
      bidi(Toy.chat, (call, sink) => ({
        onMessage: () => {
          call.onCancel(canceled.resolve);
          sink.write("x".repeat(100_000));
          assert.ok(sink.bufferedBytes > 100_000);
        },
        onEnd: () => undefined,
      })),
    ],
  );
});

test("draining: the last stream is served to its end, and later ones are refused", async () => {
  const release = createDeferred<string>();
  const toy = await startToy([unary(Toy.echo, () => release.promise)]);
  const client = await RawClient.open(toy.port);
  client.call(1, "x");
  await client.settled();
  const stopped = toy.server.stop(60_000);
  const first = await client.hear(({ type }) => type === FrameType.GOAWAY);
  assert.equal(readUint32(first.payload, 0), 0x7fff_ffff);
  const ping = await client.hear(({ type, flags }) => type === FrameType.PING && flags === 0);
  client.call(3, "after the first GOAWAY");
  assert.equal((await client.trailers(3))["grpc-message"], "server stopped");
  client.send(FrameType.PING, Flag.ACK, 0, ping.payload);
  const last = await client.hear(
    ({ type, payload }) => type === FrameType.GOAWAY && payload[0] === 0,
  );
  assert.equal(readUint32(last.payload, 0), 3);
  client.call(5, "after the last");
  assert.equal(await client.resetCode(5), Http2Code.REFUSED_STREAM);
  release.resolve("done");
  assert.equal((await client.trailers(1))["grpc-status"], "0");
  await client.closed;
  toy.client.close();
  await stopped;
});

test("keepalive: a silent client is pinged, and cut when it does not answer", async () => {
  const clock = new ManualClock();
  const toy = await startToy([echo], {
    clock,
    keepaliveIntervalMs: 10_000,
    keepaliveTimeoutMs: 3000,
  });
  const client = await RawClient.open(toy.port);
  await client.settled();
  clock.advance(10_000);
  clock.advance(10_000);
  const ping = await client.hear(({ type, flags }) => type === FrameType.PING && flags === 0);
  client.send(FrameType.PING, Flag.ACK, 0, ping.payload);
  client.call(1, "still here");
  await client.trailers(1);
  clock.advance(3000);
  clock.advance(10_000);
  clock.advance(3000);
  await client.closed;
  const stopped = toy.close();
  clock.advance(10_000);
  await stopped;
});

test("HTTP/1 on the same port is handed to its listener", async () => {
  const toy = await startToy([echo], {
    onHttp1: (request, response) => {
      response.end(`${request.method} ${request.url}`);
    },
  });
  const answer = await new Promise<string>((resolve, reject) => {
    const request = httpRequest(
      { port: toy.port, host: "127.0.0.1", path: "/health" },
      (response) => {
        response.setEncoding("utf8");
        let text = "";
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve(text));
      },
    );
    request.on("error", reject);
    request.end();
  });
  assert.equal(answer, "GET /health");
  // A request that comes byte by byte, and shares its first letter with the preface of HTTP/2.
  const socket = connect(toy.port, "127.0.0.1");
  let heard = "";
  socket.on("data", (chunk: Buffer) => (heard += chunk.toString()));
  for (const byte of "PUT /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") {
    socket.write(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await once(socket, "close");
  assert.match(heard, /PUT \/x$/);
  assert.equal((await ask(toy.client, Toy.echo.path, "both")).response, "both");
  await toy.close();
});
