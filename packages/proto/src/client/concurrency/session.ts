import { EtcdErrors } from "../../error-codes.ts";
import { EtcdError } from "../../etcd-error.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { CallOptions } from "../options.ts";
import { toEtcdError } from "../to-etcd-error.ts";

const TTL_SECONDS = 60;

export interface SessionOptions extends CallOptions {
  /** Time to live of the lease. Default: 60; servers raise what is less than theirs. */
  readonly ttlSeconds?: number | undefined;
  /** A lease that exists, to go on with after a restart, instead of a new one. */
  readonly leaseId?: bigint | undefined;
}

/**
 * A lease kept alive for as long as somebody lives, as in clientv3/concurrency: keys put with it are
 * there as long as he is.
 *
 * It is alive until it is orphaned, closed or lost. Lost means that the lease is no longer there, or
 * that no server could be asked for its whole time to live; the session says so before the cluster
 * gives the keys to others, as far as this process gets to run. The signal and timeout of the
 * options are for the making of the session only.
 */
export class Session {
  readonly client: Namespace;
  readonly leaseId: bigint;
  /** As the server granted it. */
  readonly ttlSeconds: number;
  /** Resolves when the session is no longer alive: with the reason if it was lost. Never rejects. */
  readonly done: Promise<EtcdError | undefined>;
  readonly #ended = new AbortController();
  readonly #stop = new AbortController();
  #loss: EtcdError | undefined;

  private constructor(client: Namespace, lease: GrantedLease) {
    this.client = client;
    this.leaseId = lease.id;
    this.ttlSeconds = lease.ttlSeconds;
    this.done = this.#keepAlive(lease);
  }

  /** Throws `leaseNotFound` when the lease to go on with does not exist. */
  static async create(client: Namespace, options: SessionOptions = {}): Promise<Session> {
    return new Session(client, await obtainLease(client, options));
  }

  /** Aborts when the session is no longer alive; give it to work that must not outlive it. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  get isAlive(): boolean {
    return !this.#ended.signal.aborted;
  }

  /** Why the session was lost, if it was. */
  get loss(): EtcdError | undefined {
    return this.#loss;
  }

  /**
   * Calls `listener` once the session is lost, also when it has been already; not after `orphan` or
   * `close`. Returns how to call that off.
   */
  onLost(listener: (reason: EtcdError) => void): () => void {
    let isWanted = true;
    void this.done.then((reason) => {
      if (isWanted && reason !== undefined) {
        listener(reason);
      }
    });
    return () => {
      isWanted = false;
    };
  }

  /** Keeps the lease alive no longer, but leaves it and its keys to expire, or to another owner. */
  async orphan(): Promise<void> {
    this.#stop.abort();
    await this.done;
  }

  /** Orphans the session and revokes the lease: its keys are gone when this resolves. */
  async close(options?: CallOptions): Promise<void> {
    await this.orphan();
    const limits = { timeoutMs: this.ttlSeconds * 1000, ...options };
    try {
      await this.client.lease.revoke(this.leaseId, limits);
    } catch (error) {
      if (!toEtcdError(error).is(EtcdErrors.leaseNotFound)) {
        throw error;
      }
    }
  }

  async #keepAlive({ id, validUntil }: GrantedLease): Promise<EtcdError | undefined> {
    const firstAnswerMs = validUntil - performance.now();
    const { signal } = this.#stop;
    try {
      for await (const response of this.client.lease.keepAlive(id, { signal, firstAnswerMs })) {
        void response;
      }
    } catch (error) {
      this.#loss = toEtcdError(error);
    }
    this.#ended.abort(this.#loss ?? EtcdError.from(EtcdErrors.sessionExpired));
    return this.#loss;
  }
}

interface GrantedLease {
  readonly id: bigint;
  readonly ttlSeconds: number;
  /** It lives at least until then, on the monotonic clock. */
  readonly validUntil: number;
}

async function obtainLease(client: Namespace, options: SessionOptions): Promise<GrantedLease> {
  const { ttlSeconds = TTL_SECONDS, leaseId, ...call } = options;
  const askedAt = performance.now();
  const { ID, TTL } =
    leaseId === undefined
      ? await client.lease.grant({ TTL: ttlSeconds }, call)
      : await client.lease.keepAliveOnce(leaseId, call);
  return { id: ID, ttlSeconds: TTL, validUntil: askedAt + TTL * 1000 };
}
