/**
 * The whole daemon: ports, member, API. Ports are bound first, so that a taken one is found out
 * before anything on disk is touched; clients are served once the member is ready.
 */
import { join, resolve } from "node:path";
import { createApi, REQUEST_OVERHEAD_BYTES } from "../api/api.ts";
import type { Config } from "../config/config.ts";
import type { Env } from "../env/env.ts";
import { createClientHttp } from "../http/client-http.ts";
import { isSocketUrl, type MemberUrl } from "../lib/member-url.ts";
import { MemberApi } from "../member/member-api.ts";
import { type Identity, type MemberWorld, requestTimeoutMs } from "../member/member-options.ts";
import { Member } from "../member/member.ts";
import type { PeerHost, Transport } from "../member/ports.ts";
import { formatId } from "../membership/member.ts";
import { fetchRemoteCluster } from "../peer/remote-cluster.ts";
import { PeerServer } from "../peer/server.ts";
import { PeerTransport } from "../peer/transport.ts";
import { RpcServer } from "../rpc/server.ts";
import type { ListenAddress } from "../rpc/listener.ts";
import { classicLevelOpener } from "../storage/classic-level.ts";
import { openStoreDir } from "../storage/store-dir.ts";
import { ClientPorts } from "./client-ports.ts";
import { foundingOptions, memberSettings } from "./member-settings.ts";

export interface DaemonOptions {
  readonly config: Config;
  readonly env: Env;
  /** The member ended by itself: removed from the cluster (undefined), or failed. */
  readonly onStopped: (failure: Error | undefined) => void;
}

/** Time that requests under way have to end when the daemon stops. */
const STOP_GRACE_MS = 1_000;

export class Daemon {
  readonly #options: DaemonOptions;
  readonly #peers: PeerServer;
  readonly #clients = new ClientPorts();
  #rpc: RpcServer | undefined;
  #member: Member | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: DaemonOptions) {
    this.#options = options;
    this.#peers = new PeerServer({ clock: options.env.clock });
  }

  /**
   * Resolves when clients are served. Rejects with an error whose message is for the operator:
   * ListenError, StartError, ValueError, CorruptionError, StoreFormatError, EngineError, DirectoryAccessError.
   */
  async start(): Promise<void> {
    const { config } = this.#options;
    for (const url of config.listenPeerUrls) await this.#peers.listen(this.#toAddress(url));
    for (const url of config.listenClientUrls) await this.#clients.listen(this.#toAddress(url));
    const member = await this.#startMember();
    this.#member = member;
    await member.ready;
    if (this.#stopping !== undefined) return;
    const { log } = this.#options.env;
    log.info("published local member to cluster through raft", {
      "local-member-id": formatId(member.identity.memberId),
      "cluster-id": formatId(member.identity.clusterId),
    });
    this.#serveClients(member);
    log.info("ready to serve client requests");
    for (const { text } of config.listenClientUrls) {
      const fields = { traffic: "grpc+http", address: text.replace(/^\w+:\/\//, "") };
      log.info("serving client traffic insecurely; this is strongly discouraged!", fields);
    }
  }

  /** Ends everything in order: clients, member, peers. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const { log } = this.#options.env;
    log.info("closing etcd server");
    const clients = this.#clients.close();
    await this.#member?.handOver();
    await Promise.all([clients, this.#rpc?.stop(STOP_GRACE_MS)]);
    await this.#member?.stop();
    await this.#peers.close();
    log.info("closed etcd server");
  }

  async #startMember(): Promise<Member> {
    const { config, env, onStopped } = this.#options;
    const { clock, fs, log } = env;
    const dataDir = resolve(config.dataDir);
    const walDirectory =
      config.walDir === "" ? join(dataDir, "member", "wal") : resolve(config.walDir);
    const settings = memberSettings(config, walDirectory);
    const openEngine = classicLevelOpener({ clock, fs });
    const world: MemberWorld = {
      env,
      openStore: () => openStoreDir({ env, dataDir, openEngine }),
      founding: foundingOptions(config, fetchRemoteCluster),
      connect: (identity, host) => this.#connect(identity, host, requestTimeoutMs(settings)),
      onStopped,
    };
    log.info("starting an etcd server", {
      "data-dir": dataDir,
      "listen-peer-urls": config.listenPeerUrls.map((url) => url.text),
      "advertise-client-urls": settings.clientURLs,
      "initial-cluster": config.initialCluster,
      "initial-cluster-state": config.initialClusterState,
      "snapshot-count": settings.snapshotCount,
      "snapshot-catchup-entries": settings.catchupEntries,
    });
    return Member.start(settings, world);
  }

  #connect(identity: Identity, host: PeerHost, requestMs: number): Transport {
    const { env } = this.#options;
    const log = env.log.withCaller("peer/transport.ts:1");
    const transport = new PeerTransport({
      env: { clock: env.clock, log },
      identity,
      ownUrls: this.#options.config.advertisePeerUrls.map((url) => url.text),
      requestTimeoutMs: requestMs,
      receiver: host,
      onRemoved: () => host.removedFromCluster(),
      onForeign: (clusterId) => host.foreignCluster(clusterId),
    });
    this.#peers.serve({ identity, host, transport, log });
    return transport;
  }

  #serveClients(member: Member): void {
    const { config, env } = this.#options;
    const port = new MemberApi(member);
    const onHttp1 = createClientHttp({
      member: port,
      clusterVersion: () => member.clusterVersion,
      log: env.log.withCaller("http/client-http.ts:1"),
    });
    const api = createApi({
      member: port,
      clock: env.clock,
      log: env.log.withCaller("api/api.ts:1"),
      slowRequestMs: config.warningUnaryRequestMs,
      onBroken: (error) => this.#options.onStopped(error),
    });
    const rpc = new RpcServer({
      ...api,
      onHttp1,
      clock: env.clock,
      receiveBytesMax: config.maxRequestBytes + REQUEST_OVERHEAD_BYTES,
      concurrentStreamsMax: config.maxConcurrentStreams,
      keepaliveIntervalMs: config.grpcKeepaliveIntervalMs,
      keepaliveTimeoutMs: config.grpcKeepaliveTimeoutMs,
      keepaliveMinIntervalMs: config.grpcKeepaliveMinTimeMs,
    });
    this.#rpc = rpc;
    this.#clients.serve((socket) => rpc.accept(socket));
  }

  #toAddress(url: MemberUrl): ListenAddress {
    return {
      url: url.text,
      hostname: url.hostname,
      port: isSocketUrl(url) ? 0 : Number(url.port),
      socketPath: url.socketPath,
      // What a killed process left behind would be in the way.
      removeSocket: (path) => this.#options.env.fs.unlink(path),
    };
  }
}
