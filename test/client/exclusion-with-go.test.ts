/** Users of etcd's Go client and of ours keep each other out of one lock and one election. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Client, Election, keyMissing, Mutex, putOp } from "@kvorum/proto/client";
import type { Cluster } from "../harness/cluster.ts";
import { goTools } from "../harness/go-tools.ts";
import { runCommand, type RunResult } from "../harness/run-command.ts";
import { waitFor } from "../harness/wait-for.ts";
import { connect, startCluster } from "./connect.ts";

const tools = await goTools("contender");
const ROUNDS = 15;

type Kind = "lock" | "election";

function runContender(program: string, cluster: Cluster, kind: Kind): Promise<RunResult> {
  const flags = { endpoints: cluster.endpoints, kind, name: "shared", guard: "guard" };
  const args = Object.entries(flags).map(([flag, value]) => `-${flag}=${value}`);
  return runCommand(program, [...args, `-rounds=${ROUNDS}`], { timeoutMs: 60_000 });
}

/** The key of the guard is there while somebody, in whatever language, is inside. */
async function beAlone(client: Client): Promise<void> {
  const guard = client.txn().if(keyMissing("guard")).success(putOp("guard", "ours"));
  assert.equal((await guard.commit()).succeeded, true, "somebody else is inside too");
  await client.kv.deleteRange({ key: "guard" });
}

describe("exclusion with Go programs", { skip: tools.skip }, () => {
  if (tools.skip !== false) return;
  const program = tools.path.contender;

  test("locks", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    const mutex = new Mutex(await client.session({ ttlSeconds: 30 }), "shared");
    await mutex.lock();
    const running = runContender(program, cluster, "lock");
    await waitForTwo(client);
    await mutex.unlock();
    for (let round = 0; round < ROUNDS; round++) {
      await mutex.lock();
      await beAlone(client);
      await mutex.unlock();
    }
    assert.deepEqual(await outcome(running), `entered ${ROUNDS} times\n`);
  });

  test("elections", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    const election = new Election(await client.session({ ttlSeconds: 30 }), "shared");
    await election.campaign("ours");
    const running = runContender(program, cluster, "election");
    await waitForTwo(client);
    await election.resign();
    for (let round = 0; round < ROUNDS; round++) {
      await election.campaign("ours");
      await beAlone(client);
      await election.resign();
    }
    assert.deepEqual(await outcome(running), `entered ${ROUNDS} times\n`);
  });
});

/** So the Go program has waited for us at least once. */
function waitForTwo(client: Client): Promise<boolean> {
  const range = { key: "shared/", rangeEnd: "shared0", countOnly: true };
  const isSo = async (): Promise<boolean> => (await client.kv.range(range)).count === 2;
  return waitFor(isSo, "the Go program to come");
}

async function outcome(running: Promise<RunResult>): Promise<string> {
  const { code, stdout, stderr } = await running;
  assert.equal(code, 0, stderr);
  return stdout;
}
