/**
 * Keeps any number of leases alive over one stream, which is opened again when it breaks.
 *
 * A lease is asked for at a third of its time to live, and again every second until there is an
 * answer. After another third without one the stream is given up for one to another member: this
 * one hangs, or is cut off. A lease is lost when the server says so (time to live 0) or when its whole time to live
 * passed since a request that was answered was sent.
 */
import type { ClientDuplexStream } from "@grpc/grpc-js";
import { EtcdErrors } from "../error-codes.ts";
import { EtcdError } from "../etcd-error.ts";
import { Lease, LeaseKeepAliveRequest, type LeaseKeepAliveResponse } from "../gen/rpc.ts";
import type { CallScope } from "./call-scope.ts";
import type { Caller } from "./caller.ts";
import { ResponseQueue } from "./response-queue.ts";

const TICK_MS = 250;
const ASK_AGAIN_MS = 1000;
const REOPEN_MS = 500;
/** For the first answer, when the time to live is not known yet. */
const FIRST_ANSWER_MS = 10_000;
const RESPONSES_KEPT = 16;

export interface KeepAliveOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long the lease lives without an answer, if that is known. Default: 10 s. */
  readonly firstAnswerMs?: number | undefined;
}

interface KeptLease {
  ttlMs: number;
  askAt: number;
  /** When the oldest request without an answer was sent, or the newest if there is none. */
  askedAt: number;
  isAnswered: boolean;
  lostAt: number;
  readonly queues: Set<ResponseQueue<LeaseKeepAliveResponse>>;
}

type KeepAliveStream = ClientDuplexStream<LeaseKeepAliveRequest, LeaseKeepAliveResponse>;

export class KeepAliveLoop {
  readonly #caller: Caller;
  readonly #leases = new Map<bigint, KeptLease>();
  #stream: KeepAliveStream | undefined;
  #stop: AbortController | undefined;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Begins at once; ends when the generator is left or `signal` aborts. */
  keep(
    ID: bigint,
    { signal, firstAnswerMs }: KeepAliveOptions,
  ): AsyncGenerator<LeaseKeepAliveResponse, void, void> {
    const queue = new ResponseQueue<LeaseKeepAliveResponse>(RESPONSES_KEPT);
    const end = (): void => {
      queue.end();
      this.#leave(ID, queue);
    };
    signal?.addEventListener("abort", end, { once: true });
    const forget = (): void => signal?.removeEventListener("abort", end);
    if (signal?.aborted === true) {
      queue.end();
    } else {
      this.#join(ID, queue, firstAnswerMs ?? FIRST_ANSWER_MS);
    }
    return this.#responses(ID, queue, forget);
  }

  async *#responses(
    ID: bigint,
    queue: ResponseQueue<LeaseKeepAliveResponse>,
    forget: () => void,
  ): AsyncGenerator<LeaseKeepAliveResponse, void, void> {
    try {
      yield* queue;
    } finally {
      forget();
      this.#leave(ID, queue);
    }
  }

  #join(ID: bigint, queue: ResponseQueue<LeaseKeepAliveResponse>, firstAnswerMs: number): void {
    const now = performance.now();
    let lease = this.#leases.get(ID);
    if (lease === undefined) {
      lease = {
        ttlMs: firstAnswerMs,
        askAt: now,
        askedAt: now,
        isAnswered: true,
        lostAt: now + firstAnswerMs,
        queues: new Set(),
      };
      this.#leases.set(ID, lease);
    }
    lease.queues.add(queue);
    if (this.#stop === undefined) {
      this.#start();
    } else {
      this.#askDue(now);
    }
  }

  #leave(ID: bigint, queue: ResponseQueue<LeaseKeepAliveResponse>): void {
    const lease = this.#leases.get(ID);
    lease?.queues.delete(queue);
    if (lease?.queues.size === 0) {
      this.#forget(ID);
    }
  }

  #forget(ID: bigint): void {
    this.#leases.delete(ID);
    if (this.#leases.size === 0) {
      this.#stop?.abort();
    }
  }

  #lose(ID: bigint, error: EtcdError): void {
    for (const queue of this.#leases.get(ID)?.queues ?? []) {
      queue.fail(error);
    }
    this.#forget(ID);
  }

  #start(): void {
    const stop = new AbortController();
    this.#stop = stop;
    const scope = this.#caller.scope({ signal: stop.signal });
    const timer = setInterval(() => this.#tick(), TICK_MS);
    scope.onAbort(() => {
      clearInterval(timer);
      if (this.#stop === stop) {
        this.#stop = undefined;
      }
      this.#failAll();
    });
    void this.#run(scope);
  }

  // After a regular stop there is no lease left; after the client's end there may be.
  #failAll(): void {
    if (!this.#caller.isClosed) {
      return;
    }
    for (const ID of [...this.#leases.keys()]) {
      this.#lose(ID, EtcdError.from(EtcdErrors.contextCanceled));
    }
  }

  async #run(scope: CallScope): Promise<void> {
    while (!scope.isAborted) {
      try {
        await this.#session(scope);
      } catch (error) {
        if (!scope.isAborted) {
          this.#caller.reportStream(Lease.leaseKeepAlive.path, error);
        }
      }
      await scope.sleep(REOPEN_MS);
    }
  }

  async #session(scope: CallScope): Promise<void> {
    const open = await this.#caller.bidiStream(Lease.leaseKeepAlive, scope, {});
    this.#stream = open.stream;
    this.#askAll();
    try {
      for await (const response of open.responses) {
        this.#onResponse(response);
      }
      open.avoid();
    } catch (error) {
      if (!scope.isAborted) {
        open.avoid();
      }
      throw error;
    } finally {
      if (this.#stream === open.stream) {
        this.#stream = undefined;
      }
    }
  }

  #onResponse(response: LeaseKeepAliveResponse): void {
    const lease = this.#leases.get(response.ID);
    if (lease === undefined) {
      return;
    }
    if (response.TTL <= 0) {
      this.#lose(response.ID, EtcdError.from(EtcdErrors.leaseNotFound));
      return;
    }
    const ttlMs = response.TTL * 1000;
    lease.ttlMs = ttlMs;
    lease.askAt = lease.askedAt + ttlMs / 3;
    lease.lostAt = lease.askedAt + ttlMs;
    lease.isAnswered = true;
    for (const queue of lease.queues) {
      queue.push(response);
    }
  }

  #tick(): void {
    const now = performance.now();
    for (const [ID, lease] of this.#leases) {
      if (now >= lease.lostAt) {
        const cause = new Error("no server answered during its time to live");
        this.#lose(ID, EtcdError.from(EtcdErrors.leaseNotFound, { cause }));
      }
    }
    this.#giveUpIfMute(now);
    this.#askDue(now);
  }

  #giveUpIfMute(now: number): void {
    const isMute = [...this.#leases.values()].some(
      (lease) => !lease.isAnswered && now - lease.askedAt > lease.ttlMs / 3,
    );
    if (isMute) {
      this.#stream?.cancel();
      this.#stream = undefined;
    }
  }

  #askAll(): void {
    for (const lease of this.#leases.values()) {
      lease.askAt = 0;
      lease.isAnswered = true;
    }
    this.#askDue(performance.now());
  }

  #askDue(now: number): void {
    const stream = this.#stream;
    if (stream === undefined) {
      return;
    }
    for (const [ID, lease] of this.#leases) {
      if (stream.writableNeedDrain) {
        return;
      }
      if (now >= lease.askAt) {
        lease.askedAt = lease.isAnswered ? now : lease.askedAt;
        lease.isAnswered = false;
        lease.askAt = now + ASK_AGAIN_MS;
        stream.write(LeaseKeepAliveRequest.create({ ID }));
      }
    }
  }
}
