/** Tools that speak HTTP/2 and know nothing of gRPC: curl, and nghttp2's nghttp and h2load. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../harness/cleanup.ts";
import { runCommand } from "../harness/run-command.ts";
import { makeCertificate } from "./certificate.ts";
import { startInteropService } from "./interop-service.ts";

const folder = temporaryFolder("http-tools");
/** An empty message, and what answers it. */
const MESSAGE = Buffer.alloc(5);
const message = join(folder, "message");
writeFileSync(message, MESSAGE);
const PATH = "/grpc.testing.TestService/EmptyCall";
const CALLS = 5000;

const certificate = await makeCertificate();
const noTls = certificate === undefined ? "no openssl to make a certificate with" : false;

async function whyNot(tool: string, feature: RegExp): Promise<string | false> {
  try {
    const { stdout } = await runCommand(tool, ["--version"]);
    return feature.test(stdout) ? false : `this ${tool} does not speak HTTP/2`;
  } catch {
    return `no ${tool} on this machine`;
  }
}

const noCurl = await whyNot("curl", /\bHTTP2\b/);
const noNghttp = await whyNot("nghttp", /nghttp2/);
const noH2load = await whyNot("h2load", /nghttp2/);

async function run(tool: string, args: readonly string[]): Promise<string> {
  const result = await runCommand(tool, args, { timeoutMs: 60_000 });
  assert.equal(result.code, 0, result.stderr);
  return result.stdout;
}

const GRPC = ["-H", "content-type: application/grpc", "-H", "te: trailers"];

async function curl(origin: string): Promise<void> {
  const body = join(folder, "body");
  const version = origin.startsWith("https") ? "--http2" : "--http2-prior-knowledge";
  const trust = ["--cacert", certificate?.certFile ?? ""];
  const post = ["--data-binary", `@${message}`, ...GRPC];
  const args = [version, ...trust, "-sS", "-D", "-", "-o", body, ...post, `${origin}${PATH}`];
  const headers = await run("curl", args);
  assert.match(headers, /^HTTP\/2 200/);
  assert.match(headers, /^grpc-status: 0/m);
  assert.deepEqual(readFileSync(body), MESSAGE);
  const refused = await run("curl", [version, ...trust, "-sS", "-D", "-", `${origin}/`]);
  assert.match(refused, /^HTTP\/2 415/);
}

async function nghttp(origin: string): Promise<void> {
  const args = ["-v", "-d", message, "-H", ":method: POST", ...GRPC, `${origin}${PATH}`];
  const heard = await run("nghttp", args);
  assert.match(heard, /:status: 200/);
  assert.match(heard, /grpc-status: 0/);
  // A hundred times over one connection, with padded frames and a table that shrinks to nothing.
  const odd = ["-n", "-m", "100", "-b", "255", "--header-table-size=0", "-s"];
  const many = await run("nghttp", [...odd, ...args.slice(1)]);
  assert.equal(many.match(/ 200 /g)?.length, 100, many);
}

async function h2load(origin: string): Promise<void> {
  const load = ["-n", String(CALLS), "-c", "10", "-m", "100"];
  const report = await run("h2load", [...load, "-d", message, ...GRPC, `${origin}${PATH}`]);
  assert.match(report, new RegExp(`status codes: ${CALLS} 2xx`));
  assert.match(report, / 0 failed, 0 errored, 0 timeout/);
}

const TOOLS = [
  ["curl", noCurl, curl],
  ["nghttp", noNghttp, nghttp],
  ["h2load", noH2load, h2load],
] as const;

for (const [name, skip, use] of TOOLS) {
  test(`${name}, plain`, { skip }, async () => {
    const service = await startInteropService();
    await use(`http://127.0.0.1:${service.port}`);
    await service.close();
  });

  test(`${name}, over TLS`, { skip: skip || noTls }, async () => {
    assert.ok(certificate !== undefined);
    const service = await startInteropService({ cert: certificate.cert, key: certificate.key });
    await use(`https://127.0.0.1:${service.port}`);
    await service.close();
  });
}
