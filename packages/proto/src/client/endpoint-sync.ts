import type { Caller } from "./caller.ts";
import type { ClusterClient } from "./cluster-client.ts";
import type { CallOptions, ClientOptions } from "./options.ts";
import { toEtcdError } from "./to-etcd-error.ts";

const TIMEOUT_MS = 5000;

/** Keeps a client's endpoints those of the cluster's members. */
export class EndpointSync {
  readonly #caller: Caller;
  readonly #cluster: ClusterClient;
  readonly #options: ClientOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  #isRunning = false;

  /** Begins to ask every `autoSyncIntervalMs`, if there is one; this alone keeps no process alive. */
  constructor(caller: Caller, cluster: ClusterClient, options: ClientOptions) {
    this.#caller = caller;
    this.#cluster = cluster;
    this.#options = options;
    const { autoSyncIntervalMs = 0 } = options;
    if (autoSyncIntervalMs > 0) {
      this.#timer = setInterval(() => void this.#runQuietly(), autoSyncIntervalMs);
      this.#timer.unref();
    }
  }

  async run(options?: CallOptions): Promise<void> {
    const { members } = await this.#cluster.memberList(options);
    const usable = members.filter((member) => member.name !== "" && !member.isLearner);
    const endpoints = usable.flatMap((member) => member.clientURLs);
    if (endpoints.length > 0) {
      this.#caller.setEndpoints(endpoints);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** A failure is logged; the next time is soon. */
  async #runQuietly(): Promise<void> {
    if (this.#isRunning) {
      return;
    }
    this.#isRunning = true;
    try {
      await this.run({ timeoutMs: TIMEOUT_MS });
    } catch (thrown) {
      const error = toEtcdError(thrown).toRpcString();
      this.#options.log?.("warn", "endpoints could not be synced", { error });
    } finally {
      this.#isRunning = false;
    }
  }
}
