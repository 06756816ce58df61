/**
 * A cluster of real processes on this machine: its own ports, its data below one temporary folder.
 *
 *     const cluster = await Cluster.start({ size: 3 });
 *     after(() => cluster.dispose());
 */
import { randomBytes } from "node:crypto";
import { Etcd3 } from "etcd3";
import { temporaryFolder } from "./cleanup.ts";
import { freePorts } from "./free-ports.ts";
import { dataDirOf, Member } from "./member.ts";
import { serverCommand, serverKind, type ServerKind } from "./server-kind.ts";
import { waitFor } from "./wait-for.ts";

export interface ClusterOptions {
  readonly size: number;
  readonly kind?: ServerKind;
  /** More flags, or other values of those the cluster sets, for every member. */
  readonly flags?: Readonly<Record<string, string>>;
}

/** etcd3's own `hashKV` asks its stub for a method by a name that the stub spells otherwise. */
function hashKv(client: Etcd3, revision: number): Promise<{ hash: number }> {
  const { maintenance } = client as unknown as { maintenance: { client: Stub } };
  return maintenance.client.exec("Maintenance", "hashKv", { revision });
}

interface Stub {
  exec<T>(service: string, method: string, payload: object): Promise<T>;
}

export class Cluster {
  readonly kind: ServerKind;
  readonly folder: string;
  readonly members: Member[] = [];
  readonly #command: readonly string[];
  readonly #flags: Readonly<Record<string, string>>;
  /** Keeps clusters that reuse a port from talking to each other's stragglers. */
  readonly #token: string = randomBytes(6).toString("hex");
  readonly #clients = new Map<string, Etcd3>();

  private constructor(kind: ServerKind, command: readonly string[], options: ClusterOptions) {
    this.kind = kind;
    this.folder = temporaryFolder("cluster");
    this.#command = command;
    this.#flags = options.flags ?? {};
  }

  /** Makes the members of a new cluster without starting them. */
  static async create(options: ClusterOptions): Promise<Cluster> {
    const kind = options.kind ?? serverKind();
    const cluster = new Cluster(kind, await serverCommand(kind), options);
    for (let i = 0; i < options.size; i++) await cluster.newMember(`m${i}`);
    const initial = cluster.members.map((member) => `${member.name}=${member.peerUrl}`).join(",");
    for (const member of cluster.members) member.flags["initial-cluster"] = initial;
    return cluster;
  }

  /** Makes a cluster, starts all its members and waits until each serves. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const cluster = await Cluster.create(options);
    await cluster.startAll();
    return cluster;
  }

  /** Makes a member with ports and folder of its own; the caller says whom it joins. */
  async newMember(name: string): Promise<Member> {
    const [clientPort = 0, peerPort = 0] = await freePorts(2);
    const clientUrl = `http://127.0.0.1:${clientPort}`;
    const peerUrl = `http://127.0.0.1:${peerPort}`;
    const dataDir = dataDirOf(this.folder, name);
    const flags = {
      name,
      "data-dir": dataDir,
      "listen-client-urls": clientUrl,
      "advertise-client-urls": clientUrl,
      "listen-peer-urls": peerUrl,
      "initial-advertise-peer-urls": peerUrl,
      "initial-cluster": `${name}=${peerUrl}`,
      "initial-cluster-state": "new",
      "initial-cluster-token": this.#token,
      ...this.#flags,
    };
    const command = this.#command;
    const member = new Member({ name, command, flags, clientPort, peerPort, dataDir });
    this.members.push(member);
    return member;
  }

  async startAll(): Promise<void> {
    const down = this.members.filter((member) => !member.running);
    for (const member of down) member.spawn();
    try {
      await Promise.all(down.map((member) => member.ready()));
    } catch (error) {
      console.error(this.logs());
      await this.dispose();
      throw error;
    }
  }

  member(index: number): Member {
    const member = this.members[index];
    if (member === undefined) throw new Error(`the cluster has no member ${index}`);
    return member;
  }

  /** The endpoints of all members, as `--endpoints` takes them. */
  get endpoints(): string {
    return this.members.map((member) => member.endpoint).join(",");
  }

  /** A client of this member alone (npm's etcd3), closed with the cluster. */
  clientOf(member: Member): Etcd3 {
    let client = this.#clients.get(member.endpoint);
    if (client === undefined) {
      client = new Etcd3({
        hosts: member.clientUrl,
        defaultCallOptions: (context) =>
          context.isStream ? {} : { deadline: Date.now() + 5_000, waitForReady: true },
      });
      this.#clients.set(member.endpoint, client);
    }
    return client;
  }

  /** A client of all members, closed by the caller. */
  newClient(): Etcd3 {
    return new Etcd3({ hosts: this.members.map((member) => member.clientUrl) });
  }

  /** The member that leads, as a majority of the running ones and itself say. */
  leader(): Promise<Member> {
    return waitFor(async () => {
      const running = this.members.filter((member) => member.running);
      const answers = await Promise.all(
        running.map(async (member) => ({ member, ...(await this.statusOf(member)) })),
      );
      const own = answers.find((answer) => answer.leader === answer.id);
      const votes = answers.filter((answer) => answer.leader === own?.id);
      return votes.length * 2 > answers.length ? own?.member : undefined;
    }, "a leader");
  }

  /** Who the member is and who leads it ("0": nobody). */
  async statusOf(member: Member): Promise<{ id: string; leader: string; revision: number }> {
    const status = await this.clientOf(member).maintenance.status();
    const { member_id: id, revision } = status.header;
    return { id, leader: status.leader, revision: Number(revision) };
  }

  /** The HashKV of every running member at one revision, once all have applied it. */
  async hashes(): Promise<Map<string, number>> {
    const running = this.members.filter((member) => member.running);
    const revisions = await Promise.all(
      running.map(async (member) => (await this.statusOf(member)).revision),
    );
    const revision = Math.max(...revisions);
    const hashes = new Map<string, number>();
    for (const member of running) {
      const answer = await waitFor(
        () => hashKv(this.clientOf(member), revision),
        `${member.name} to reach revision ${revision}`,
      );
      hashes.set(member.name, answer.hash);
    }
    return hashes;
  }

  /** The last log lines of every member, for a failure message. */
  logs(lines?: number): string {
    return this.members
      .map((member) => `--- log of ${member.name} ---\n${member.logTail(lines)}`)
      .join("\n");
  }

  /** Ends all processes at once; the folder goes when the test process ends. */
  async dispose(): Promise<void> {
    for (const client of this.#clients.values()) client.close();
    const running = this.members.filter((member) => member.running);
    await Promise.all(running.map((member) => member.kill()));
  }
}
