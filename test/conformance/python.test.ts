/** Python's grpcio, gRPC's C core, as a client. Set PYTHON to the interpreter that has it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "../harness/run-command.ts";
import { makeCertificate } from "./certificate.ts";
import { startInteropService } from "./interop-service.ts";

const python = process.env["PYTHON"] ?? "python3";
const script = join(import.meta.dirname, "../clients/python/conformance.py");

async function whyNot(): Promise<string | false> {
  try {
    const { code } = await runCommand(python, ["-c", "import grpc"], { env: process.env });
    return code === 0 ? false : `${python} has no grpcio`;
  } catch {
    return `no ${python} on this machine`;
  }
}

const skip = await whyNot();
const certificate = await makeCertificate();
const noTls = certificate === undefined ? "no openssl to make a certificate with" : false;

async function run(args: readonly string[]): Promise<void> {
  const options = { env: process.env, timeoutMs: 90_000 };
  const result = await runCommand(python, [script, ...args], options);
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stdout, /^ok$/m);
}

test("calls of every kind, plain", { skip }, async () => {
  const service = await startInteropService();
  await run([`127.0.0.1:${service.port}`]);
  await service.close();
});

test("calls of every kind, over TLS", { skip: skip || noTls }, async () => {
  assert.ok(certificate !== undefined);
  const { cert, certFile, key } = certificate;
  const service = await startInteropService({ cert, key });
  await run([`127.0.0.1:${service.port}`, certFile]);
  await service.close();
});
