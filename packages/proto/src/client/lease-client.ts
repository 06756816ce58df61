import type { Metadata } from "@grpc/grpc-js";
import { EtcdErrors } from "../error-codes.ts";
import { EtcdError } from "../etcd-error.ts";
import {
  Lease,
  type LeaseGrantRequest,
  type LeaseGrantResponse,
  LeaseKeepAliveRequest,
  type LeaseKeepAliveResponse,
  type LeaseLeasesResponse,
  type LeaseRevokeResponse,
  type LeaseTimeToLiveRequest,
  type LeaseTimeToLiveResponse,
} from "../gen/rpc.ts";
import { GrpcCode } from "../grpc-status.ts";
import type { CallScope } from "./call-scope.ts";
import type { Caller } from "./caller.ts";
import type { Connection } from "./connection.ts";
import { KeepAliveLoop, type KeepAliveOptions } from "./keep-alive.ts";
import { KeyPrefix } from "./namespace/key-prefix.ts";
import type { CallOptions } from "./options.ts";
import { readStream } from "./read-stream.ts";

/** Leases: keys that go when their owner goes. */
export class LeaseClient {
  readonly #caller: Caller;
  readonly #keepAlives: KeepAliveLoop;
  readonly #prefix: KeyPrefix;

  constructor(
    caller: Caller,
    prefix: KeyPrefix = new KeyPrefix(new Uint8Array()),
    keepAlives: KeepAliveLoop = new KeepAliveLoop(caller),
  ) {
    this.#caller = caller;
    this.#prefix = prefix;
    this.#keepAlives = keepAlives;
  }

  /** The leases are the same in every namespace; of their keys, those in it are seen. */
  within(prefix: KeyPrefix): LeaseClient {
    return new LeaseClient(this.#caller, prefix, this.#keepAlives);
  }

  /**
   * Without an ID it is repeated when a server is not available: at worst there is one lease more,
   * which expires.
   */
  grant(request: Partial<LeaseGrantRequest>, options?: CallOptions): Promise<LeaseGrantResponse> {
    const policy = (request.ID ?? 0n) === 0n ? "repeatable" : "nonRepeatable";
    return this.#caller.unary(Lease.leaseGrant, request, policy, options);
  }

  revoke(ID: bigint, options?: CallOptions): Promise<LeaseRevokeResponse> {
    return this.#caller.unary(Lease.leaseRevoke, { ID }, "repeatable", options);
  }

  /** A lease that does not exist has the time to live -1. */
  async timeToLive(
    request: Partial<LeaseTimeToLiveRequest>,
    options?: CallOptions,
  ): Promise<LeaseTimeToLiveResponse> {
    const method = Lease.leaseTimeToLive;
    const response = await this.#caller.unary(method, request, "repeatable", options);
    response.keys = this.#prefix.keysWithin(response.keys);
    return response;
  }

  leases(options?: CallOptions): Promise<LeaseLeasesResponse> {
    return this.#caller.unary(Lease.leaseLeases, {}, "repeatable", options);
  }

  /** Throws `leaseNotFound` when there is no such lease. */
  async keepAliveOnce(ID: bigint, options: CallOptions = {}): Promise<LeaseKeepAliveResponse> {
    const scope = this.#caller.scope(options, this.#caller.commandTimeoutMs);
    const { path } = Lease.leaseKeepAlive;
    const response = await this.#caller.attempts(path, "repeatable", scope, options, (...on) =>
      askOnce(ID, scope, ...on),
    );
    if (response.TTL <= 0) {
      throw EtcdError.from(EtcdErrors.leaseNotFound);
    }
    return response;
  }

  /**
   * Keeps the lease alive, at a third of its time to live, until the loop over the responses is
   * left or the signal aborts. Throws `leaseNotFound` when the lease is lost: the server says so,
   * or no server could be asked during its whole time to live. Responses that the loop is too slow
   * for are dropped, the oldest first; the lease is kept alive nevertheless.
   */
  keepAlive(
    ID: bigint,
    options: KeepAliveOptions = {},
  ): AsyncGenerator<LeaseKeepAliveResponse, void, void> {
    return this.#keepAlives.keep(ID, options);
  }
}

async function askOnce(
  ID: bigint,
  scope: CallScope,
  connection: Connection,
  metadata: Metadata,
): Promise<LeaseKeepAliveResponse> {
  const stream = connection.bidiStream(Lease.leaseKeepAlive, metadata, scope);
  stream.write(LeaseKeepAliveRequest.create({ ID }));
  const responses = readStream(stream, scope);
  try {
    const first = await responses.next();
    if (first.done === true) {
      throw new EtcdError(GrpcCode.Unavailable, "the keep-alive stream ended without an answer");
    }
    return first.value;
  } finally {
    await responses.return();
  }
}
