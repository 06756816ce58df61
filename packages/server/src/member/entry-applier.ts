/** Applies committed entries one by one and answers whoever waits for them. */
import { EtcdError } from "@kvorum/proto";
import type { Log } from "../env/env.ts";
import { assert } from "../lib/assert.ts";
import { LongDelete } from "../mvcc/long-delete.ts";
import { decodeMemberChange } from "../membership/member-change.ts";
import { formatId, type Member } from "../membership/member.ts";
import { decodeConfChangeV1 } from "../raft/codec.ts";
import type { ConfChange, ConfState, Entry } from "../raft/messages.ts";
import { applyRequest } from "./apply.ts";
import { type LongApply, thenFinish } from "./apply-queue.ts";
import { kindOf } from "./membership-service.ts";
import type { Transport } from "./ports.ts";
import type { Pending, Proposals } from "./proposals.ts";
import { type ApplyResponse, decodeRaftRequest, type RaftRequest } from "./raft-request.ts";
import type { StateMachine } from "./state-machine.ts";

export interface EntryApplierOptions {
  readonly memberId: bigint;
  readonly state: StateMachine;
  readonly proposals: Proposals;
  readonly transport: Transport;
  readonly learnersMax: number;
  readonly log: Log;
  /** Makes a membership change take effect in Raft; answers the membership after it. */
  readonly applyConfChange: (change: ConfChange) => ConfState;
  /** This member has been removed from the cluster. */
  readonly onRemoved: () => void;
}

export class EntryApplier {
  readonly #options: EntryApplierOptions;

  constructor(options: EntryApplierOptions) {
    this.#options = options;
  }

  /** Entries come in order, each once, the next not before a long one is finished. */
  apply(entry: Entry): LongApply | undefined {
    const { state } = this.#options;
    const { index, term } = entry;
    let { confState } = state.applied;
    let long: LongApply | undefined;
    assert(index === state.applied.index + 1, `apply ${index} after ${state.applied.index}`);
    if (entry.type === "EntryConfChange") confState = this.#applyMemberChange(entry);
    else if (entry.data.length > 0) long = this.#applyNormal(entry);
    assert(entry.type !== "EntryConfChangeV2", `entry ${index} is a joint membership change`);
    const applied = { index, term, confState };
    if (long === undefined) {
      state.setApplied(applied);
      return undefined;
    }
    return thenFinish(long, () => state.setApplied(applied));
  }

  #applyNormal({ data }: Entry): LongApply | undefined {
    const { proposals } = this.#options;
    // An entry proposed here and never sent through a codec needs no decoding.
    const own = proposals.findByData(data);
    if (own?.request !== undefined) return this.#applyRequest(own.request, own);
    const { id, request } = decodeRaftRequest(data);
    if (request === undefined) return undefined;
    return this.#applyRequest(request, proposals.findById(id, data));
  }

  /** `own` is who waits for the answer here, if anybody does. */
  #applyRequest(request: RaftRequest, own: Pending | undefined): LongApply | undefined {
    const { state, proposals } = this.#options;
    let response: ApplyResponse | LongDelete;
    try {
      response = applyRequest(state, request, own !== undefined);
    } catch (error) {
      // Refusals are part of the replicated outcome. Anything else is a fault of ours: stop here.
      if (!(error instanceof EtcdError)) throw error;
      if (own !== undefined) proposals.settle(own, undefined, error);
      return undefined;
    }
    if (response instanceof LongDelete) return this.#applyLong(response, own);
    if (own !== undefined) proposals.settle(own, response, undefined);
    return undefined;
  }

  #applyLong(work: LongDelete, own: Pending | undefined): LongApply {
    const finish = (): void => {
      const response = work.finish();
      if (own !== undefined) this.#options.proposals.settle(own, response, undefined);
    };
    return { run: () => work.run(), finish };
  }

  #applyMemberChange(entry: Entry): ConfState {
    const { state, proposals, learnersMax, applyConfChange } = this.#options;
    const confChange = decodeConfChangeV1(entry.data);
    const change = decodeMemberChange(confChange.context);
    const kind = kindOf(confChange.type);
    try {
      state.cluster.validate(kind, change, learnersMax);
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      proposals.complete(change.requestId, error);
      return applyConfChange({ ...confChange, nodeId: 0n });
    }
    state.cluster.apply(kind, change);
    const confState = applyConfChange(confChange);
    this.#followUp(kind, change.member);
    proposals.complete(change.requestId, undefined);
    return confState;
  }

  #followUp(kind: "add" | "remove" | "update", member: Member): void {
    const { memberId, transport, log, onRemoved } = this.#options;
    const fields = { "member-id": formatId(member.id), "peer-urls": member.peerURLs };
    log.info(`applied a membership change: ${kind} member`, fields);
    if (member.id === memberId) {
      if (kind === "remove") onRemoved();
    } else if (kind === "remove") {
      transport.removePeer(member.id);
    } else {
      const known = this.#options.state.cluster.member(member.id);
      transport.addPeer(member.id, known?.peerURLs ?? member.peerURLs);
    }
  }
}
