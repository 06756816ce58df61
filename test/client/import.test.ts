import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "../harness/run-command.ts";

const PROGRAM = `
import { createRequire } from "node:module";
import { createClient } from "@kvorum/proto/client";

const { cache } = createRequire(process.cwd() + "/");
const isLoaded = () => Object.keys(cache).some((file) => file.includes("/grpc-js/"));
const client = createClient({ endpoints: ["127.0.0.1:1"], autoSyncIntervalMs: 60_000 });
client.namespace("a/").txn();
console.log(isLoaded());
await client.kv.get("k", { timeoutMs: 10 }).catch(() => undefined);
console.log(isLoaded());
client.close();
`;

test("a client loads grpc-js with its first call, and keeps no process alive after its end", async () => {
  const flags = ["--conditions=source", "--import", "tsx", "--input-type=module"];
  const cwd = join(import.meta.dirname, "../..");
  const result = await runCommand(process.execPath, flags, { cwd, input: PROGRAM });
  assert.deepEqual([result.stdout, result.code], ["false\ntrue\n", 0], result.stderr);
});
