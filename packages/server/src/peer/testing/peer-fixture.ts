/** A peer port with a member behind it that only takes notes, for tests over real sockets. */
import { connect, type Socket } from "node:net";
import type { Clock, Log } from "../../env/env.ts";
import { nodeClock } from "../../env/node-env.ts";
import { createDeferred } from "../../lib/deferred.ts";
import type { PeerHost } from "../../member/ports.ts";
import type { Message } from "../../raft/messages.ts";
import type { PeerIdentity } from "../identity.ts";
import { PeerServer } from "../server.ts";
import { PeerTransport } from "../transport.ts";

export const CLUSTER = 0xc1n;

const silent: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  fatal() {},
  enabled: () => false,
  withCaller: () => silent,
};

/** Values that arrive, each awaited once and in order. */
export class Arrivals<T> {
  readonly #values: T[] = [];
  #waiting: ((value: T) => void) | undefined;

  add(value: T): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#values.push(value);
    else waiting(value);
  }

  next(): Promise<T> {
    const value = this.#values.shift();
    if (value !== undefined) return Promise.resolve(value);
    const { promise, resolve } = createDeferred<T>();
    this.#waiting = resolve;
    return promise;
  }
}

export class NotingHost implements PeerHost {
  readonly clusterVersion = "3.7.0";
  readonly messages = new Arrivals<Message>();
  /** How each snapshot ended: its bytes, or why it was cut off. */
  readonly snapshots = new Arrivals<string>();
  readonly unreachable = new Arrivals<bigint>();
  readonly removals = new Arrivals<true>();
  readonly foreign = new Arrivals<bigint>();
  readonly removed = new Set<bigint>();

  members(): [] {
    return [];
  }

  isRemoved(id: bigint): boolean {
    return this.removed.has(id);
  }

  removedFromCluster(): void {
    this.removals.add(true);
  }

  foreignCluster(clusterId: bigint): void {
    this.foreign.add(clusterId);
  }

  receive(messages: Message[]): void {
    for (const message of messages) this.messages.add(message);
  }

  async receiveSnapshot(_message: Message, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const parts: Uint8Array[] = [];
    try {
      for await (const chunk of chunks) parts.push(chunk);
    } catch (error) {
      this.snapshots.add("cut off");
      throw error;
    }
    this.snapshots.add(Buffer.concat(parts).toString());
  }

  reportUnreachable(id: bigint): void {
    this.unreachable.add(id);
  }

  async promoteMember(): Promise<void> {}

  leaseRenew(id: bigint): Promise<number> {
    return Promise.resolve(Number(id));
  }

  leaseTimeToLive(): Promise<never> {
    return Promise.reject(new Error("not asked for here"));
  }

  hashKV(): Promise<never> {
    return Promise.reject(new Error("not asked for here"));
  }
}

export interface PeerFixture {
  readonly identity: PeerIdentity;
  readonly host: NotingHost;
  readonly transport: PeerTransport;
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface PeerFixtureOptions {
  readonly id: bigint;
  readonly clusterId?: bigint;
  readonly clock?: Clock;
  readonly silenceMs?: number;
}

export async function startPeer(options: PeerFixtureOptions): Promise<PeerFixture> {
  const { id, clusterId = CLUSTER, clock = nodeClock, silenceMs } = options;
  const server = new PeerServer({ clock, ...(silenceMs !== undefined && { silenceMs }) });
  const address = { url: "test", hostname: "127.0.0.1", port: 0, socketPath: "" };
  const { port } = await server.listen(address);
  const url = `http://127.0.0.1:${port}`;
  const host = new NotingHost();
  const identity = { memberId: id, clusterId };
  const transport = new PeerTransport({
    env: { clock, log: silent },
    identity,
    ownUrls: [url],
    requestTimeoutMs: 5_000,
    receiver: host,
    onRemoved: () => host.removedFromCluster(),
    onForeign: (foreign) => host.foreignCluster(foreign),
  });
  server.serve({ identity, host, transport, log: silent });
  const close = async (): Promise<void> => {
    await transport.close();
    await server.close();
  };
  return { identity, host, transport, url, port, close };
}

/** Sends these bytes; resolves with all that came back when the other side has closed. */
export function converse(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => (answer += text));
    socket.once("error", reject);
    socket.once("close", () => resolve(answer));
    socket.write(bytes, "latin1");
  });
}
