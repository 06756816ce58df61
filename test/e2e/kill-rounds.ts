/**
 * Rounds of kill -9 under load. Writers put numbered keys and note each put once it is acknowledged;
 * after every round no acknowledged put may be missing and all members must hold the same.
 */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Etcd3 } from "etcd3";
import { Cluster } from "../harness/cluster.ts";
import type { Member } from "../harness/member.ts";
import { waitFor } from "../harness/wait-for.ts";

const WRITERS = 8;
/** Acknowledged puts that must come between two blows, so that each falls into load. */
const PUTS_BETWEEN = 150;
/** A client that refuses calls by itself must not be asked in a busy loop. */
const BACKOFF_MS = 20;
const PAGE_KEYS = 5_000;

/** One writer's puts: each key once, `sequence` over and over. */
class Writer {
  readonly #client: Etcd3;
  readonly prefix: string;
  /** Numbers of the acknowledged puts. */
  readonly acknowledged: number[] = [];
  unknown = 0;
  #stopped = false;
  #running: Promise<void> | undefined;

  constructor(cluster: Cluster, index: number) {
    this.#client = new Etcd3({
      hosts: cluster.members.map((member) => member.clientUrl),
      defaultCallOptions: (context) => (context.isStream ? {} : { deadline: Date.now() + 3_000 }),
    });
    this.prefix = `kill/${index}/`;
  }

  start(): void {
    this.#running = this.#write();
  }

  async #write(): Promise<void> {
    for (let n = 0; !this.#stopped; n++) {
      const name = String(n).padStart(8, "0");
      try {
        await this.#client
          .if(`${this.prefix}${name}`, "Version", "==", 0)
          .then(
            this.#client.put(`${this.prefix}${name}`).value(name),
            this.#client.put(`${this.prefix}sequence`).value(name),
          )
          .commit();
        this.acknowledged.push(n);
      } catch {
        this.unknown++; // done or not, nobody can tell; the next number is another key
        await pause(BACKOFF_MS);
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    this.#client.close();
  }
}

async function keysBelow(client: Etcd3, prefix: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let from = prefix;
  const end = prefix.replace(/\/$/, "0");
  for (;;) {
    const page = await client.getAll().inRange({ start: from, end }).limit(PAGE_KEYS).exec();
    for (const kv of page.kvs) found.set(kv.key.toString(), kv.value.toString());
    if (!page.more) return found;
    from = `${page.kvs.at(-1)?.key.toString() ?? ""}\0`;
  }
}

/** Fails when an acknowledged put is missing, as any one member tells it. */
async function verify(cluster: Cluster, writers: readonly Writer[]): Promise<void> {
  for (const [index, writer] of writers.entries()) {
    const acknowledged = [...writer.acknowledged];
    const member = cluster.member(index % cluster.members.length);
    const found = await waitFor(
      () => keysBelow(cluster.clientOf(member), writer.prefix),
      `${member.name} to tell the keys`,
    );
    const missing = acknowledged.filter(
      (n) => !found.has(`${writer.prefix}${String(n).padStart(8, "0")}`),
    );
    assert.deepEqual(missing, [], `acknowledged puts of ${writer.prefix} are lost`);
    const last = Number(found.get(`${writer.prefix}sequence`) ?? -1);
    assert.ok(last >= (acknowledged.at(-1) ?? -1), `${writer.prefix}sequence went back to ${last}`);
  }
}

export interface KillOptions {
  readonly rounds: number;
  /** More flags for every member, such as a small --snapshot-count. */
  readonly flags?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
}

export async function killRounds(options: KillOptions): Promise<void> {
  const log = options.log ?? ((): void => undefined);
  const cluster = await Cluster.start({ size: 3, flags: options.flags ?? {} });
  const writers = Array.from({ length: WRITERS }, (_, index) => new Writer(cluster, index));
  const total = (): number => writers.reduce((sum, writer) => sum + writer.acknowledged.length, 0);
  const load = async (reason: string): Promise<void> => {
    const goal = total() + PUTS_BETWEEN;
    await waitFor(() => total() >= goal, `${PUTS_BETWEEN} puts ${reason}`, { timeoutMs: 60_000 });
  };
  const timed = async (what: string, step: Promise<void>): Promise<void> => {
    const begin = performance.now();
    await step;
    log(`  ${what}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  };
  const blow = async (victim: Member, role: string): Promise<void> => {
    await victim.kill();
    await timed(`${PUTS_BETWEEN} puts without the ${role} ${victim.name}`, load("on two members"));
    await timed(`restart of ${victim.name}`, victim.start());
    await load(`with ${victim.name} back`);
  };
  try {
    for (const writer of writers) writer.start();
    await load("before the first blow");
    for (let round = 0; round < options.rounds; round++) {
      await blow(cluster.member(round % cluster.members.length), "member");
      await blow(await cluster.leader(), "leader");
      await verify(cluster, writers);
      log(`round ${round + 1}: ${total()} puts acknowledged, none missing`);
    }
    await Promise.all(writers.map((writer) => writer.stop()));
    await verify(cluster, writers);
    const hashes = await cluster.hashes();
    assert.equal(new Set(hashes.values()).size, 1, `members disagree: ${[...hashes].join(" ")}`);
    const unknown = writers.reduce((sum, writer) => sum + writer.unknown, 0);
    log(`${total()} puts acknowledged, ${unknown} without an answer, all members hold the same`);
  } catch (error) {
    log(cluster.logs(15));
    throw error;
  } finally {
    await Promise.all(writers.map((writer) => writer.stop()));
    await cluster.dispose();
  }
}
