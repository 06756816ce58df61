/** One secure port: HTTP/2 and HTTP/1 by ALPN, and nothing for those who speak neither. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { test } from "node:test";
import type { TlsOptions } from "node:tls";
import { nodeClock } from "../../packages/server/src/env/node-env.ts";
import { PENDING_CONNECTIONS_MAX } from "../../packages/server/src/rpc/http2/limits.ts";
import { RpcServer } from "../../packages/server/src/rpc/server.ts";
import { unary } from "../../packages/server/src/rpc/service.ts";
import { RpcError } from "../../packages/server/src/rpc/status.ts";
import { Toy } from "../../packages/server/src/rpc/testing/toy-service.ts";
import { makeCertificate } from "./certificate.ts";

const certificate = await makeCertificate();
const skip = certificate === undefined ? "no openssl to make a certificate with" : false;

async function serve(
  body: (port: number, ca: Buffer) => Promise<void>,
  options: TlsOptions = {},
): Promise<void> {
  assert.ok(certificate !== undefined);
  const { cert, key } = certificate;
  const server = new RpcServer({
    clock: nodeClock,
    methods: [unary(Toy.echo, (request) => request)],
    interceptors: [],
    receiveBytesMax: 1024,
    concurrentStreamsMax: 10,
    keepaliveIntervalMs: 0,
    keepaliveTimeoutMs: 0,
    stopStatus: new RpcError(14, "server stopped"),
    onHttp1: (request, response) => {
      response.end(`plain old ${request.url}`);
    },
  });
  const address = { url: "https://127.0.0.1:0", hostname: "127.0.0.1", port: 0, socketPath: "" };
  const { port } = await server.listen(address, { cert, key, ...options });
  await body(port, cert);
  await server.stop(0);
}

function askHttps(port: number, ca: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: "127.0.0.1", port, path: "/health", ca }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve(text));
    });
    request.on("error", reject);
    request.end();
  });
}

/** One call over a session that may be older than whatever goes on beside it. */
async function echo(session: ClientHttp2Session): Promise<string> {
  const call = session.request({
    ":method": "POST",
    ":path": Toy.echo.path,
    "content-type": "application/grpc",
    te: "trailers",
  });
  call.end(Buffer.from([0, 0, 0, 0, 2, 0x68, 0x69]));
  const trailers = once(call, "trailers");
  const chunks: Buffer[] = [];
  call.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [fields] = (await trailers) as [Record<string, string>];
  assert.equal(fields["grpc-status"], "0");
  return Buffer.concat(chunks).toString("utf8", 5);
}

test("node's http2 client makes a call, its https client a request", { skip }, () =>
  serve(async (port, ca) => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca });
    assert.equal(await echo(session), "hi");
    session.close();
    assert.equal(await askHttps(port, ca), "plain old /health");
  }),
);

test("who does not shake hands is dropped, and others are served", { skip }, () =>
  serve(async (port, ca) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("GET / HTTP/1.1\r\n\r\n");
    socket.resume();
    await once(socket, "close");
    assert.equal(await askHttps(port, ca), "plain old /health");
  }),
);

test(
  "half-open: who says nothing is dropped when the time for the handshake is over",
  { skip },
  () =>
    serve(
      async (port, ca) => {
        const bystander = connectHttp2(`https://127.0.0.1:${port}`, { ca });
        assert.equal(await echo(bystander), "hi");
        const mute = connect(port, "127.0.0.1");
        await once(mute.resume(), "close");
        assert.equal(await echo(bystander), "hi");
        bystander.close();
      },
      { handshakeTimeout: 200 },
    ),
);

test("half-open: handshakes under way are limited in number", { skip }, () =>
  serve(async (port, ca) => {
    const bystander = connectHttp2(`https://127.0.0.1:${port}`, { ca });
    assert.equal(await echo(bystander), "hi");
    const mute = Array.from({ length: PENDING_CONNECTIONS_MAX }, () => connect(port, "127.0.0.1"));
    await Promise.all(mute.map((socket) => once(socket, "connect")));
    const late = connect(port, "127.0.0.1");
    await once(late.resume(), "close");
    assert.equal(await echo(bystander), "hi");
    bystander.close();
    for (const socket of mute) socket.destroy();
    // There is room again as soon as the server has seen them go.
    for (let isServed = false; !isServed; ) {
      isServed = await askHttps(port, ca).then(
        () => true,
        () => false,
      );
    }
  }),
);
