import {
  type AlarmRequest,
  type AlarmResponse,
  type DefragmentResponse,
  type DowngradeRequest,
  type DowngradeResponse,
  type HashKVResponse,
  type HashResponse,
  Maintenance,
  type MoveLeaderResponse,
  type SnapshotResponse,
  type StatusResponse,
} from "../gen/rpc.ts";
import type { Caller } from "./caller.ts";
import type { CallOptions } from "./options.ts";

/** Care of single members: most calls name the endpoint they are about. */
export class MaintenanceClient {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  alarm(request: Partial<AlarmRequest>, options?: CallOptions): Promise<AlarmResponse> {
    return this.#caller.unary(Maintenance.alarm, request, "repeatable", options);
  }

  status(endpoint: string, options?: CallOptions): Promise<StatusResponse> {
    const call = { ...options, endpoint };
    return this.#caller.unary(Maintenance.status, {}, "repeatable", call);
  }

  defragment(endpoint: string, options?: CallOptions): Promise<DefragmentResponse> {
    const call = { ...options, endpoint };
    return this.#caller.unary(Maintenance.defragment, {}, "nonRepeatable", call);
  }

  hash(endpoint: string, options?: CallOptions): Promise<HashResponse> {
    return this.#caller.unary(Maintenance.hash, {}, "repeatable", { ...options, endpoint });
  }

  /** Hash of the history up to a revision, 0 for all. */
  hashKV(endpoint: string, revision: number, options?: CallOptions): Promise<HashKVResponse> {
    const call = { ...options, endpoint };
    return this.#caller.unary(Maintenance.hashKV, { revision }, "repeatable", call);
  }

  /** The endpoint must be the leader's. */
  moveLeader(
    endpoint: string,
    targetID: bigint,
    options?: CallOptions,
  ): Promise<MoveLeaderResponse> {
    const call = { ...options, endpoint };
    return this.#caller.unary(Maintenance.moveLeader, { targetID }, "repeatable", call);
  }

  downgrade(request: Partial<DowngradeRequest>, options?: CallOptions): Promise<DowngradeResponse> {
    return this.#caller.unary(Maintenance.downgrade, request, "nonRepeatable", options);
  }

  /** The parts in order; that the last is the digest of the others is for the caller to check. */
  snapshot(endpoint: string, options?: CallOptions): AsyncGenerator<SnapshotResponse, void, void> {
    return this.#caller.serverStream(Maintenance.snapshot, {}, { ...options, endpoint });
  }
}
