import {
  Cluster,
  type MemberAddRequest,
  type MemberAddResponse,
  type MemberListResponse,
  type MemberPromoteResponse,
  type MemberRemoveResponse,
  type MemberUpdateRequest,
  type MemberUpdateResponse,
} from "../gen/rpc.ts";
import type { Caller } from "./caller.ts";
import type { CallOptions } from "./options.ts";

/** The members of the cluster. */
export class ClusterClient {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  memberAdd(request: Partial<MemberAddRequest>, options?: CallOptions): Promise<MemberAddResponse> {
    return this.#caller.unary(Cluster.memberAdd, request, "nonRepeatable", options);
  }

  memberRemove(ID: bigint, options?: CallOptions): Promise<MemberRemoveResponse> {
    return this.#caller.unary(Cluster.memberRemove, { ID }, "nonRepeatable", options);
  }

  memberUpdate(
    request: Partial<MemberUpdateRequest>,
    options?: CallOptions,
  ): Promise<MemberUpdateResponse> {
    return this.#caller.unary(Cluster.memberUpdate, request, "nonRepeatable", options);
  }

  /** Linearizable unless said otherwise. */
  memberList(options?: CallOptions & { linearizable?: boolean }): Promise<MemberListResponse> {
    const request = { linearizable: options?.linearizable ?? true };
    return this.#caller.unary(Cluster.memberList, request, "repeatable", options);
  }

  memberPromote(ID: bigint, options?: CallOptions): Promise<MemberPromoteResponse> {
    return this.#caller.unary(Cluster.memberPromote, { ID }, "nonRepeatable", options);
  }
}
