/** The interop client of grpc-go, every case that needs no cloud, plain and over TLS. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { goTools } from "../harness/go-tools.ts";
import { runCommand } from "../harness/run-command.ts";
import { makeCertificate } from "./certificate.ts";
import { startInteropService } from "./interop-service.ts";

const CASES: readonly string[] = [
  "empty_unary",
  "large_unary",
  "client_streaming",
  "server_streaming",
  "ping_pong",
  "empty_stream",
  "timeout_on_sleeping_server",
  "cancel_after_begin",
  "cancel_after_first_response",
  "status_code_and_message",
  "special_status_message",
  "custom_metadata",
  "unimplemented_method",
  "unimplemented_service",
  "pick_first_unary",
  "rpc_soak",
  "channel_soak",
];
/** A machine under load is slow, not wrong. */
const SOAK = [
  "-soak_per_iteration_max_acceptable_latency_ms=10000",
  "-soak_overall_timeout_seconds=60",
];

const tools = await goTools("interop");
const certificate = await makeCertificate();
const noTls = certificate === undefined ? "no openssl to make a certificate with" : false;

async function run(port: number, name: string, more: readonly string[] = []): Promise<void> {
  assert.ok(tools.skip === false);
  const args = ["-server_host=127.0.0.1", `-server_port=${port}`, `-test_case=${name}`];
  const result = await runCommand(tools.path.interop, [...args, ...SOAK, ...more], {
    timeoutMs: 90_000,
  });
  assert.equal(result.code, 0, result.stderr);
}

for (const name of CASES) {
  test(`${name}, plain`, { skip: tools.skip }, async () => {
    const service = await startInteropService();
    await run(service.port, name);
    await service.close();
  });

  test(`${name}, over TLS`, { skip: tools.skip || noTls }, async () => {
    assert.ok(certificate !== undefined);
    const { cert, certFile, key } = certificate;
    const service = await startInteropService({ cert, key });
    await run(service.port, name, ["-use_tls", "-use_test_ca", `-ca_file=${certFile}`]);
    await service.close();
  });
}
