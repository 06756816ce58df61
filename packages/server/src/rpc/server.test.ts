import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { test } from "node:test";
import { Client, credentials } from "@grpc/grpc-js";
import { createDeferred } from "../lib/deferred.ts";
import { Reply } from "../lib/reply.ts";
import type { Interceptor } from "./interceptor.ts";
import { ListenError } from "./listener.ts";
import { bidi, type Call, type ResponseSink, serverStream, unary } from "./service.ts";
import { RpcError, StatusCode } from "./status.ts";
import { GRPC_HEADERS, grpcMessage, RawClient } from "./testing/raw-client.ts";
import { ask, openChat, openCount, startToy, Toy } from "./testing/toy-service.ts";

const echo = unary(Toy.echo, (request) => request);

test("unary calls: are answered at once or later", async () => {
  const slow = unary({ ...Toy.echo, path: "/toy.Toy/Later" }, async (request) => {
    await Promise.resolve();
    return request;
  });
  const toy = await startToy([echo, slow]);
  assert.equal((await ask(toy.client, Toy.echo.path, "a")).response, "a");
  assert.equal((await ask(toy.client, "/toy.Toy/Later", "b")).response, "b");
  assert.equal((await ask(toy.client, Toy.echo.path, "")).response, "");
  await toy.close();
});

test("unary calls: end with the status a handler throws, and with Unknown and its text for any other error", async () => {
  const toy = await startToy([
    unary(Toy.echo, (request) => {
      if (request === "status") throw new RpcError(5, "etcdserver: 100% ü not found");
      if (request === "later") return Promise.reject(new RpcError(9, "later"));
      if (request === "string") throw "bare" as unknown as Error;
      throw new Error("broken \ud800");
    }),
  ]);
  const table: [string, number, string][] = [
    ["status", 5, "etcdserver: 100% ü not found"],
    ["later", 9, "later"],
    ["string", 2, "bare"],
    ["other", 2, "broken \ufffd"],
  ];
  for (const [request, code, details] of table) {
    const answer = await ask(toy.client, Toy.echo.path, request);
    assert.deepEqual([answer.code, answer.details], [code, details]);
  }
  await toy.close();
});

test("unary calls: refuse malformed messages", async () => {
  const toy = await startToy([echo]);
  const answer = await ask(toy.client, Toy.echo.path, Buffer.from([0xff]));
  assert.equal(answer.code, StatusCode.Internal);
  assert.equal(
    answer.details,
    "grpc: error unmarshalling request: cannot parse invalid wire-format data",
  );
  await toy.close();
});

test("unary calls: refuse messages over the limit, and nothing at it", async () => {
  const toy = await startToy([echo], { receiveBytesMax: 1000 });
  assert.equal((await ask(toy.client, Toy.echo.path, "x".repeat(1000))).code, 0);
  const answer = await ask(toy.client, Toy.echo.path, "x".repeat(1001));
  assert.equal(answer.code, StatusCode.ResourceExhausted);
  assert.equal(answer.details, "grpc: received message larger than max (1001 vs. 1000)");
  await toy.close();
});

test("unary calls: of an unknown method are unimplemented", async () => {
  const toy = await startToy([echo]);
  const answer = await ask(toy.client, "/toy.Toy/Nope", "");
  assert.equal(answer.code, StatusCode.Unimplemented);
  await toy.close();
});

test("unary calls: know their metadata, peer, path and deadline", async () => {
  let seen: (Pick<Call, "path" | "peer" | "isStream"> & { left: number }) | undefined;
  const toy = await startToy([
    unary(Toy.echo, (request, call) => {
      const { path, peer, isStream } = call;
      seen = { path, peer, isStream, left: call.timeLeftMs() };
      return `${request} ${call.get("hasleader")} ${call.get("nope")}`;
    }),
  ]);
  const answer = await ask(toy.client, Toy.echo.path, "x", { hasleader: "true" });
  assert.equal(answer.response, "x true undefined");
  assert.equal(seen?.path, Toy.echo.path);
  assert.match(seen.peer, /^127\.0\.0\.1:\d+$/);
  assert.equal(seen.left, Infinity);
  assert.equal(seen.isStream, false);
  await toy.close();
});

test("unary calls: tell their handler when the client gives up", async () => {
  const canceled = createDeferred<boolean>();
  const started = createDeferred<void>();
  const toy = await startToy([
    unary(Toy.echo, (_request, call) => {
      call.onCancel(() => canceled.resolve(call.signal.aborted && call.isCanceled));
      started.resolve();
      return new Promise<string>(() => undefined);
    }),
  ]);
  const request = toy.client.makeUnaryRequest(
    Toy.echo.path,
    (text: string) => Buffer.from(text),
    (bytes) => bytes.toString(),
    "x",
    () => undefined,
  );
  await started.promise;
  assert.equal(toy.server.openCalls, 1);
  request.cancel();
  assert.equal(await canceled.promise, true);
  assert.equal(toy.server.openCalls, 0);
  await toy.close();
});

test("interceptors: run in order, refuse, and see each call's end once", async () => {
  const log: string[] = [];
  const first: Interceptor = {
    begin: (call) => void log.push(`start ${call.path}`),
    end: (_call, code, message) => void log.push(`end ${code} ${message}`),
  };
  const second: Interceptor = {
    begin(call) {
      if (call.get("refuse") !== undefined) throw new RpcError(14, "no leader");
    },
    end: (_call, code) => void log.push(`second saw ${code}`),
  };
  const toy = await startToy([echo], { interceptors: [first, second] });
  await ask(toy.client, Toy.echo.path, "x");
  const refused = await ask(toy.client, Toy.echo.path, "x", { refuse: "1" });
  assert.deepEqual([refused.code, refused.details], [14, "no leader"]);
  const start = `start ${Toy.echo.path}`;
  assert.deepEqual(log, [start, "end 0 ", "second saw 0", start, "end 14 no leader"]);
  await toy.close();
});

test("interceptors: refuse streams too", async () => {
  const refuse: Interceptor = {
    begin() {
      throw new RpcError(14, "no leader");
    },
  };
  const toy = await startToy(
    [bidi(Toy.chat, () => ({ onMessage: () => undefined, onEnd: () => undefined }))],
    { interceptors: [refuse] },
  );
  const chat = openChat(toy.client, Toy.chat.path);
  const [error] = (await once(chat, "error")) as [{ code: number; details: string }];
  assert.deepEqual([error.code, error.details], [14, "no leader"]);
  await toy.close();
});

test("server streams: deliver in order, encoded messages among the others, then the status", async () => {
  const toy = await startToy([
    serverStream(Toy.count, (request, _call, sink) => {
      sink.write(`${request}1`);
      sink.writeEncoded(Buffer.from(`${request}2`));
      sink.write(`${request}3`);
      sink.end(new RpcError(11, "compacted"));
      assert.equal(sink.write("late"), false);
    }),
  ]);
  const stream = openCount(toy.client, Toy.count.path, "n");
  const got: string[] = [];
  stream.on("data", (text: string) => got.push(text));
  const [error] = (await once(stream, "error")) as [{ code: number; details: string }];
  assert.deepEqual(got, ["n1", "n2", "n3"]);
  assert.deepEqual([error.code, error.details], [11, "compacted"]);
  await toy.close();
});

test("server streams: end with what their handler rejects with", async () => {
  const toy = await startToy([
    serverStream(Toy.count, () => Promise.reject(new Error("disk on fire"))),
  ]);
  const stream = openCount(toy.client, Toy.count.path, "");
  stream.resume();
  const [error] = (await once(stream, "error")) as [{ code: number; details: string }];
  assert.deepEqual([error.code, error.details], [2, "disk on fire"]);
  await toy.close();
});

test("server streams: hold their producer back at the mark, and lose nothing", async () => {
  const total = 200;
  const chunk = "x".repeat(10_000);
  let bufferedMax = 0;
  let waits = 0;
  const produce = (sink: ResponseSink<string>): void => {
    let sent = 0;
    const pump = (): void => {
      while (sent < total) {
        sent += 1;
        const more = sink.write(chunk);
        bufferedMax = Math.max(bufferedMax, sink.bufferedBytes);
        if (!more) {
          waits += 1;
          return;
        }
      }
      sink.end();
    };
    sink.onDrain(pump);
    pump();
  };
  const toy = await startToy([serverStream(Toy.count, (_r, _c, sink) => produce(sink))], {
    sinkBytesMax: 50_000,
  });
  const stream = openCount(toy.client, Toy.count.path, "");
  let received = 0;
  stream.on("data", () => {
    received += 1;
  });
  await once(stream, "end");
  assert.equal(received, total);
  assert.ok(waits > 1, `${waits} waits`);
  assert.ok(bufferedMax <= 60_000, `${bufferedMax} bytes were buffered`);
  await toy.close();
});

test("bidi streams: deliver requests in order, one at a time while a promise is pending", async () => {
  const seen: string[] = [];
  const toy = await startToy([
    bidi(Toy.chat, (_call, sink) => ({
      onMessage: async (request) => {
        seen.push(`begin ${request}`);
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(`end ${request}`);
        sink.write(request);
      },
      onEnd: () => sink.end(),
    })),
  ]);
  const chat = openChat(toy.client, Toy.chat.path);
  const got: string[] = [];
  chat.on("data", (text: string) => got.push(text));
  for (const text of ["a", "b", "c"]) chat.write(text);
  chat.end();
  await once(chat, "end");
  assert.deepEqual(got, ["a", "b", "c"]);
  assert.deepEqual(seen, ["begin a", "end a", "begin b", "end b", "begin c", "end c"]);
  await toy.close();
});

test("bidi streams: deliver as many requests together as the handler wants, and the end behind them", async () => {
  const replies: Reply<void>[] = [];
  const told = createDeferred<void>();
  let hasEnded = false;
  const toy = await startToy([
    bidi(Toy.chat, (_call, sink) => ({
      concurrency: 2,
      onMessage: () => {
        const reply = new Reply<void>();
        if (replies.push(reply) >= 2) told.resolve();
        return reply;
      },
      onEnd: () => {
        hasEnded = true;
        sink.end();
      },
    })),
  ]);
  const chat = openChat(toy.client, Toy.chat.path);
  chat.resume();
  for (const text of ["a", "b", "c"]) chat.write(text);
  chat.end();
  await told.promise;
  await ask(toy.client, "/toy.Toy/Nope", "");
  assert.equal(replies.length, 2);
  replies[1]!.resolve();
  assert.equal(replies.length, 3, "in the same turn");
  replies[0]!.resolve();
  assert.ok(!hasEnded);
  replies[2]!.resolve();
  assert.ok(hasEnded);
  await once(chat, "end");
  await toy.close();
});

test("bidi streams: replies that are there at once are taken one after the other", async () => {
  const total = 10_000;
  let count = 0;
  const first = new Reply<void>();
  const toy = await startToy([
    bidi(Toy.chat, (_call, sink) => ({
      onMessage: () => {
        count += 1;
        if (count === 1) return first;
        const reply = new Reply<void>();
        reply.resolve();
        return reply;
      },
      onEnd: () => {
        sink.write(String(count));
        sink.end();
      },
    })),
  ]);
  const client = await RawClient.open(toy.port);
  const message = grpcMessage("");
  client.headers(1, { ...GRPC_HEADERS, ":path": Toy.chat.path });
  const messages = Array.from({ length: total / 5 }, () => message);
  // Within the stream's window: all of them wait for the first.
  for (let part = 0; part < 5; part++) client.data(1, Buffer.concat(messages), part === 4);
  await client.settled();
  assert.equal(count, 1);
  first.resolve();
  assert.equal((await client.trailers(1))["grpc-status"], "0");
  assert.equal(count, total);
  await client.close();
  await toy.close();
});

test("bidi streams: end when a request is bad or its handler throws, and their handler hears of it", async () => {
  let canceled = 0;
  const toy = await startToy([
    bidi(Toy.chat, (call) => {
      call.onCancel(() => (canceled += 1));
      return {
        onMessage: () => {
          throw new RpcError(3, "bad request");
        },
        onEnd: () => undefined,
      };
    }),
  ]);
  const table: [string | Buffer, number, string][] = [
    [
      Buffer.from([0xff]),
      13,
      "grpc: failed to unmarshal the received message: cannot parse invalid wire-format data",
    ],
    ["x", 3, "bad request"],
    ["x".repeat(65 * 1024), 8, "grpc: received message larger than max (66560 vs. 65536)"],
  ];
  for (const [request, code, details] of table) {
    const chat = openChat(toy.client, Toy.chat.path);
    chat.resume();
    chat.write(request);
    const [error] = (await once(chat, "error")) as [{ code: number; details: string }];
    assert.deepEqual([error.code, error.details], [code, details]);
  }
  assert.equal(canceled, table.length);
  await toy.close();
});

test("bidi streams: tell their handler when the client goes", async () => {
  const canceled = createDeferred<void>();
  const toy = await startToy([
    bidi(Toy.chat, (call) => {
      call.onCancel(canceled.resolve);
      call.sendInitialMetadata();
      return { onMessage: () => undefined, onEnd: () => undefined };
    }),
  ]);
  const chat = openChat(toy.client, Toy.chat.path);
  chat.on("error", () => undefined);
  await once(chat, "metadata");
  chat.cancel();
  await canceled.promise;
  await toy.close();
});

test("stopping: ends open streams with the stop status and waits for unary calls", async () => {
  const release = createDeferred<string>();
  const started = createDeferred<void>();
  const toy = await startToy([
    unary(Toy.echo, () => {
      started.resolve();
      return release.promise;
    }),
    bidi(Toy.chat, (call) => {
      call.sendInitialMetadata();
      return { onMessage: () => undefined, onEnd: () => undefined };
    }),
  ]);
  const chat = openChat(toy.client, Toy.chat.path);
  chat.resume();
  const ended = once(chat, "error");
  await once(chat, "metadata");
  const answer = ask(toy.client, Toy.echo.path, "x");
  await started.promise;
  const stopped = toy.server.stop(60_000);
  const [error] = (await ended) as [{ code: number; details: string }];
  assert.deepEqual([error.code, error.details], [14, "server stopped"]);
  release.resolve("done");
  assert.equal((await answer).response, "done");
  toy.client.close();
  await stopped;
});

test("stopping: cuts what is left when the grace is over", async () => {
  const started = createDeferred<void>();
  const toy = await startToy([
    unary(Toy.echo, () => {
      started.resolve();
      return new Promise<string>(() => undefined);
    }),
  ]);
  const answer = ask(toy.client, Toy.echo.path, "x");
  await started.promise;
  await toy.server.stop(1);
  assert.equal((await answer).code, StatusCode.Unavailable);
  assert.equal(toy.server.openCalls, 0);
  toy.client.close();
});

test("listening: names an address that is in use", async () => {
  const other = createServer();
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const toy = await startToy([echo]);
  const address = {
    url: `http://127.0.0.1:${port}`,
    hostname: "localhost",
    port,
    socketPath: "",
  };
  await assert.rejects(toy.server.listen(address), (error) => {
    assert.ok(error instanceof ListenError);
    assert.equal(error.code, "EADDRINUSE");
    assert.equal(error.message, `listen tcp localhost:${port}: bind: address already in use`);
    return true;
  });
  other.close();
  await toy.close();
});

test("listening: serves unix sockets beside TCP", async () => {
  const directory = mkdtempSync(join(tmpdir(), "kvorum-"));
  const socketPath = join(directory, "s");
  const toy = await startToy([echo]);
  const listener = await toy.server.listen({ url: "unix", hostname: "", port: 0, socketPath });
  assert.equal(listener.port, 0);
  const client = new Client(`unix:${socketPath}`, credentials.createInsecure());
  assert.equal((await ask(client, Toy.echo.path, "u")).response, "u");
  client.close();
  await toy.close();
  rmSync(directory, { recursive: true });
});

test("listening: takes over the socket file of a dead process, not of a live one", async () => {
  const directory = mkdtempSync(join(tmpdir(), "kvorum-"));
  const socketPath = join(directory, "s");
  const removed: string[] = [];
  const removeSocket = (path: string): Promise<void> => {
    removed.push(path);
    rmSync(path);
    return Promise.resolve();
  };
  const address = { url: "unix", hostname: "", port: 0, socketPath, removeSocket };
  const script = `require("net").createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", script]);
  const toy = await startToy([echo]);
  await toy.server.listen(address);
  assert.deepEqual(removed, [socketPath]);
  const other = await startToy([echo]);
  await assert.rejects(other.server.listen(address), { code: "EADDRINUSE" });
  assert.deepEqual(removed, [socketPath]);
  await other.close();
  await toy.close();
  rmSync(directory, { recursive: true });
});

test("listening: survives connections that speak no HTTP/2", async () => {
  const toy = await startToy([echo]);
  const { connect } = await import("node:net");
  const socket = connect(toy.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write("GET / HTTP/1.1\r\n\r\n");
  socket.resume();
  await once(socket, "close");
  assert.equal((await ask(toy.client, Toy.echo.path, "a")).response, "a");
  await toy.close();
});
