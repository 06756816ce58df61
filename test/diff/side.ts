/**
 * One of the two servers: a member of its own, asked over raw gRPC, and what is known of its ids.
 */
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import {
  LeaseGrantResponse,
  MemberAddResponse,
  MemberListResponse,
  SnapshotResponse,
} from "@kvorum/proto";
import { Cluster } from "../harness/cluster.ts";
import type { ServerKind } from "../harness/server-kind.ts";
import { waitFor } from "../harness/wait-for.ts";
import { methodAt, pathOf } from "./methods.ts";
import { Names, normalised, unordered } from "./normalise.ts";
import { type CallStep, fieldsOf, type Request, type StreamStep } from "./programme.ts";
import { type CallEnd, RawChannel, type RawCall } from "./raw-grpc.ts";
import type { Bindings, Fields } from "./value.ts";
import { decodeTree, encodeTree, type Tree } from "./wire-tree.ts";

const CALL_TIMEOUT_MS = 15_000;
const WATCH = pathOf("Watch");
const CLUSTER = /^\/etcdserverpb\.Cluster\//;
const HASH = pathOf("Hash");
const LEASES = pathOf("LeaseLeases");
const TIME_TO_LIVE = pathOf("LeaseTimeToLive");
const SNAPSHOT = pathOf("Snapshot");
/** A key no programme writes, for a watcher that only tells when history has been sent. */
const SENTINEL_KEY = "\xff\xff\xff sentinel";

/** What both servers agree on. */
export type Shared = Pick<Bindings, "revision" | "compacted">;

/** The end of a call and its messages, as trees. */
export interface Answer {
  readonly code: number | string;
  readonly text: string;
  readonly messages: readonly Tree[];
}

interface OpenStream {
  readonly call: RawCall;
  readonly path: string;
}

type Message = { readonly [name: string]: Tree };

function decoded(path: string, bytes: Buffer): Tree {
  const method = methodAt(path);
  if (method === undefined) return bytes.toString("latin1");
  try {
    return decodeTree(method.responseType, bytes);
  } catch (error) {
    return `unreadable (${String(error)}): ${bytes.toString("hex")}`;
  }
}

/** Clients show no text with success, whatever the server sent. */
function ended({ code, text }: CallEnd): { code: number | string; text: string } {
  return { code, text: code === 0 ? "" : text };
}

/** A snapshot file is each server's own; that it is whole and how it is cut is not. */
function snapshotSummary(bodies: readonly Buffer[]): Tree[] {
  const trees = bodies.map((body) => decoded(SNAPSHOT, body) as Message);
  const blobs = bodies.map((body) => SnapshotResponse.decode(body));
  const digest = Buffer.from(blobs.pop()?.blob ?? []);
  const hash = createHash("sha256");
  for (const { blob } of blobs) hash.update(blob);
  const [head] = trees;
  return [
    {
      many: trees.length > 1,
      header: head?.["header"] ?? false,
      version: head?.["version"] ?? "",
      endsWithDigest: hash.digest().equals(digest),
    },
  ];
}

export class Side {
  readonly kind: ServerKind;
  readonly #cluster: Cluster;
  readonly #channel: RawChannel;
  readonly #names = new Names();
  readonly #streams = new Map<string, OpenStream>();
  readonly #logs = new Map<string, Tree[]>();
  readonly #leases: bigint[] = [];
  readonly #added: bigint[] = [];
  #memberId = 0n;
  #hasRestarted = false;
  /** Number of stream messages received. */
  received = 0;
  /** When the last of them came. */
  lastReceivedMs = 0;

  private constructor(kind: ServerKind, cluster: Cluster) {
    this.kind = kind;
    this.#cluster = cluster;
    this.#channel = new RawChannel(cluster.member(0).endpoint);
  }

  static async start(kind: ServerKind, flags: Readonly<Record<string, string>>): Promise<Side> {
    const cluster = await Cluster.start({
      size: 1,
      kind,
      flags: { "unsafe-no-fsync": "true", ...flags },
    });
    const side = new Side(kind, cluster);
    await side.#learnNames();
    return side;
  }

  async #learnNames(): Promise<void> {
    const step: CallStep = { do: "call", path: pathOf("MemberList"), request: {} };
    const { bodies } = await this.#exchange(step, { revision: 1, compacted: 0 });
    const { header } = MemberListResponse.decode(bodies[0] ?? Buffer.alloc(0));
    this.#memberId = header?.memberId ?? 0n;
    this.#names.number(this.#memberId, "<member>");
    this.#names.number(header?.clusterId ?? 0n, "<cluster>");
    const member = this.#cluster.member(0);
    this.#names.text(member.peerUrl, "<peer url>");
    this.#names.text(member.clientUrl, "<client url>");
  }

  #bindings(shared: Shared): Bindings {
    const { revision, compacted } = shared;
    return {
      revision,
      compacted,
      memberId: this.#memberId,
      leases: this.#leases,
      added: this.#added,
    };
  }

  #encode(path: string, request: Request, shared: Shared): Buffer {
    if ("$frames" in request) return Buffer.alloc(0);
    if ("$bytes" in request) return Buffer.from(request.$bytes as string, "hex");
    const type = methodAt(path)?.requestType;
    if (type === undefined) return Buffer.alloc(0);
    const text = JSON.stringify(request).replaceAll("<peer url>", this.#cluster.member(0).peerUrl);
    return encodeTree(type, JSON.parse(text) as Fields, this.#bindings(shared));
  }

  async #exchange(step: CallStep, shared: Shared): Promise<CallEnd & { bodies: Buffer[] }> {
    const bodies: Buffer[] = [];
    const request = this.#encode(step.path, step.request, shared);
    const call = this.#channel.open(step.path, step.metadata ?? {}, (body) => bodies.push(body));
    if ("$frames" in step.request) call.write(Buffer.from(step.request.$frames as string, "hex"));
    else call.send(request);
    call.halfClose();
    const timer = setTimeout(() => call.cancel(), CALL_TIMEOUT_MS);
    const end = await call.ended;
    clearTimeout(timer);
    return { ...end, bodies };
  }

  /** Makes a call and tells what came of it, with this server's own ids replaced by names. */
  async call(step: CallStep, shared: Shared): Promise<Answer> {
    const { bodies, ...end } = await this.#exchange(step, shared);
    const { code, text } = ended(end);
    this.#learnIds(step, bodies);
    const trees =
      step.path === SNAPSHOT
        ? snapshotSummary(bodies)
        : bodies.map((body) => decoded(step.path, body));
    return {
      code,
      text: this.#names.inText(text),
      messages: trees.map((tree) => this.#comparable(step.path, normalised(tree, this.#names))),
    };
  }

  #comparable(path: string, tree: Tree): Tree {
    if (path === HASH) return { ...(tree as Message), hash: "<hash of all of the backend>" };
    if (path === TIME_TO_LIVE) return unordered(tree, "keys");
    // After a start all leases begin their time anew, in no order.
    if (path === LEASES && this.#hasRestarted) return unordered(tree, "leases");
    // Sorted by id, which is chance.
    if (CLUSTER.test(path)) return unordered(tree, "members");
    return tree;
  }

  #learnIds(step: CallStep, bodies: readonly Buffer[]): void {
    const [body] = bodies;
    if (body === undefined) return;
    const fields = fieldsOf(step.request);
    if (step.path === pathOf("LeaseGrant") && fields !== undefined) {
      const { ID } = LeaseGrantResponse.decode(body);
      if ((fields["ID"] ?? 0) !== 0) return;
      this.#names.number(ID, `<lease ${this.#leases.length}>`);
      this.#leases.push(ID);
    }
    if (step.path === pathOf("MemberAdd")) {
      const { member } = MemberAddResponse.decode(body);
      this.#names.number(member?.ID ?? 0n, `<added ${this.#added.length}>`);
      this.#added.push(member?.ID ?? 0n);
    }
  }

  /** Starts what a step on a stream asks for; its effects come in `logs`. */
  async act(step: StreamStep, shared: Shared): Promise<void> {
    if (step.do === "restart") return this.#restart();
    if (step.do === "open") return this.#open(step.stream, step.path, step.metadata ?? {});
    const stream = this.#streams.get(step.stream);
    if (stream === undefined) return undefined;
    if (step.do === "send") stream.call.send(this.#encode(stream.path, step.request, shared));
    else if (step.do === "halfClose") stream.call.halfClose();
    else this.#cancel(step.stream);
    return undefined;
  }

  /** How a call that we cancel ends is our own doing. */
  #cancel(name: string): void {
    this.#streams.get(name)?.call.cancel();
    this.#streams.delete(name);
  }

  #open(name: string, path: string, metadata: Readonly<Record<string, string>>): void {
    this.#cancel(name);
    const call = this.#channel.open(path, metadata, (body) => {
      if (this.#streams.get(name)?.call !== call) return;
      const tree = normalised(decoded(path, body), this.#names) as Message;
      this.#note(`${name}, watch ${(tree["watch_id"] as number | string | undefined) ?? 0}`, tree);
    });
    this.#streams.set(name, { call, path });
    void call.ended.then(({ code, text }) => {
      if (this.#streams.get(name)?.call === call) this.#note(`${name}, end`, ended({ code, text }));
    });
  }

  #note(log: string, entry: Tree): void {
    this.received++;
    this.lastReceivedMs = performance.now();
    const entries = this.#logs.get(log);
    if (entries === undefined) this.#logs.set(log, [entry]);
    else entries.push(entry);
  }

  get hasStreams(): boolean {
    return this.#streams.size > 0;
  }

  /** Messages since the last `clearLogs`, by stream and watcher: order between two is chance. */
  logs(): Tree {
    return Object.fromEntries([...this.#logs].map(([name, entries]) => [name, [...entries]]));
  }

  clearLogs(): void {
    this.#logs.clear();
  }

  async #restart(): Promise<void> {
    const member = this.#cluster.member(0);
    this.#streams.clear();
    this.#hasRestarted = true;
    await member.kill();
    await member.start();
  }

  /**
   * Waits until the server has sent history to every watcher made so far. A watcher of our own that
   * is made last tells it: it answers a progress request only once it has been caught up.
   */
  async caughtUp(shared: Shared): Promise<void> {
    const seen: Message[] = [];
    const call = this.#channel.open(WATCH, {}, (body) =>
      seen.push(decoded(WATCH, body) as Message),
    );
    const start_revision = shared.revision;
    const create = { create_request: { key: SENTINEL_KEY, start_revision } };
    call.send(this.#encode(WATCH, create, shared));
    try {
      await waitFor(() => seen.length > 0, `${this.kind} to make a watcher`, { intervalMs: 2 });
      await waitFor(
        async () => {
          if (seen.length > 1) return true;
          call.send(this.#encode(WATCH, { progress_request: {} }, shared));
          await pause(4);
          return seen.length > 1;
        },
        `${this.kind} to catch its watchers up`,
        { intervalMs: 10, timeoutMs: 5_000 },
      );
    } finally {
      call.cancel();
      await call.ended;
    }
  }

  /** The server's last log lines. */
  logTail(): string {
    return this.#cluster.logs(30);
  }

  async dispose(): Promise<void> {
    this.#streams.clear();
    this.#channel.close();
    await this.#cluster.dispose();
  }
}
