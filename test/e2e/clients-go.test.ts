/**
 * A program on etcd's own Go client uses the cluster for all it is for (keys, transactions, watches,
 * leases, locks, elections, software transactional memory) while a member, and then the leader, is
 * killed and comes back. The program itself judges what it saw.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { Cluster } from "../harness/cluster.ts";
import { goTools } from "../harness/go-tools.ts";
import { start } from "../harness/run-command.ts";
import { Hopeless, waitFor } from "../harness/wait-for.ts";

const SCENARIOS = ["kv", "txn", "watch", "lease", "lock", "election", "stm"];
const ROUNDS = 5;

const tools = await goTools("everyday");

class Program {
  readonly #child: ReturnType<typeof start>;
  readonly #rounds = new Map<string, number>();
  #complaint = "";

  constructor(path: string, endpoints: string) {
    this.#child = start(path, ["-endpoints", endpoints]);
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      for (const [, scenario = ""] of chunk.toString().matchAll(/^round (\w+)$/gm)) {
        this.#rounds.set(scenario, (this.#rounds.get(scenario) ?? 0) + 1);
      }
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#complaint += chunk.toString()));
  }

  /** Waits until every scenario has done `ROUNDS` more rounds. */
  async goOn(while_: string): Promise<void> {
    const before = new Map(this.#rounds);
    const wentOn = (scenario: string): boolean =>
      (this.#rounds.get(scenario) ?? 0) >= (before.get(scenario) ?? 0) + ROUNDS;
    const done = (): boolean => {
      if (this.#child.exitCode !== null) throw new Hopeless(`it ended early: ${this.#complaint}`);
      return SCENARIOS.every(wentOn);
    };
    await waitFor(done, `all scenarios to go on while ${while_}`, { timeoutMs: 40_000 }).catch(
      (error: unknown) => {
        const stuck = SCENARIOS.filter((scenario) => !wentOn(scenario)).join(", ");
        throw new Error(`stuck: ${stuck}; ${this.#complaint}`, { cause: error });
      },
    );
  }

  async finish(): Promise<void> {
    this.#child.stdin?.end();
    const ended = (): boolean => this.#child.exitCode !== null;
    await waitFor(ended, "the program to finish", { timeoutMs: 40_000 });
    assert.equal(this.#child.exitCode, 0, this.#complaint);
  }
}

describe("etcd's Go client", { skip: tools.skip }, () => {
  test("lives through kills of a follower and of the leader", async () => {
    if (tools.skip !== false) return;
    const cluster = await Cluster.start({ size: 3 });
    after(() => cluster.dispose());
    const program = new Program(tools.path.everyday, cluster.endpoints);
    await program.goOn("all is well");

    const leader = await cluster.leader();
    const follower = cluster.members.find((member) => member !== leader);
    assert.ok(follower);
    for (const [role, victim] of [
      ["follower", follower],
      ["leader", leader],
    ] as const) {
      await victim.kill();
      await program.goOn(`the ${role} is dead`);
      await victim.start();
      await program.goOn(`the ${role} is back`);
    }
    await program.finish();
    assert.equal(new Set((await cluster.hashes()).values()).size, 1, "members disagree");
  });
});
