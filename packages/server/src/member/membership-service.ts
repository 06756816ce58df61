/** Membership changes asked for by clients: checked, proposed through the log, awaited. */
import { EtcdError, EtcdErrors, Member as MemberMessage } from "@kvorum/proto";
import type { Clock } from "../env/env.ts";
import type { Cluster } from "../membership/cluster.ts";
import { computeMemberId, type Member } from "../membership/member.ts";
import { encodeMemberChange, type MemberChange } from "../membership/member-change.ts";
import type { ConfChangeType } from "../raft/messages.ts";
import type { LinearizableReads } from "./linearizable-reads.ts";
import type { ClusterPort, Transport } from "./ports.ts";
import type { Proposals } from "./proposals.ts";
import type { RaftDriver } from "./raft-driver.ts";
import type { ReconfigurationGuard } from "./reconfiguration-guard.ts";
import type { RequestIds } from "./request-ids.ts";

/** A learner may be promoted once it has this share of the leader's log (etcd's rule). */
const READY_SHARE = 0.9;

export interface MembershipServiceOptions {
  readonly clock: Clock;
  readonly ids: RequestIds;
  readonly cluster: () => Cluster;
  readonly driver: RaftDriver;
  readonly proposals: Proposals;
  readonly reads: LinearizableReads;
  readonly transport: Transport;
  readonly guard: ReconfigurationGuard;
  readonly learnersMax: number;
}

export class MembershipService implements ClusterPort {
  readonly #options: MembershipServiceOptions;

  constructor(options: MembershipServiceOptions) {
    this.#options = options;
  }

  async memberAdd(
    peerURLs: string[],
    isLearner: boolean,
  ): Promise<{ member: MemberMessage; members: MemberMessage[] }> {
    const { clock, guard } = this.#options;
    guard.checkAdd(isLearner);
    const id = computeMemberId(peerURLs, "", Math.trunc(clock.wallMs() / 1000));
    const member: Member = { id, name: "", peerURLs, clientURLs: [], isLearner };
    const type = isLearner ? "ConfChangeAddLearnerNode" : "ConfChangeAddNode";
    const members = await this.#change(type, member, false);
    return { member: toMessage(member), members };
  }

  async memberRemove(id: bigint): Promise<MemberMessage[]> {
    const { cluster, guard } = this.#options;
    const known = cluster().member(id);
    if (known === undefined) throw EtcdError.from(EtcdErrors.memberNotFound);
    guard.checkRemove(id);
    return this.#change("ConfChangeRemoveNode", known, false);
  }

  async memberUpdate(id: bigint, peerURLs: string[]): Promise<MemberMessage[]> {
    const known = this.#options.cluster().member(id);
    if (known === undefined) throw EtcdError.from(EtcdErrors.memberNotFound);
    return this.#change("ConfChangeUpdateNode", { ...known, peerURLs }, false);
  }

  /** Only the leader knows how far a learner is, so others pass the request on to it. */
  async memberPromote(id: bigint): Promise<MemberMessage[]> {
    const { driver, cluster, transport, reads } = this.#options;
    if (driver.isLeader) return this.promoteAsLeader(id);
    const leader = transport.peer(driver.leader);
    if (leader === undefined) throw EtcdError.from(EtcdErrors.noLeader);
    await leader.promoteMember(id);
    await reads.wait();
    return cluster().members().map(toMessage);
  }

  async promoteAsLeader(id: bigint): Promise<MemberMessage[]> {
    const { driver, cluster, guard } = this.#options;
    if (!driver.isLeader) throw EtcdError.from(EtcdErrors.notLeader);
    const known = cluster().member(id);
    if (known === undefined) throw EtcdError.from(EtcdErrors.memberNotFound);
    if (!known.isLearner) throw EtcdError.from(EtcdErrors.memberNotLearner);
    if (!driver.isCaughtUp(id, READY_SHARE)) throw EtcdError.from(EtcdErrors.learnerNotReady);
    guard.checkPromote();
    return this.#change("ConfChangeAddNode", { ...known, isLearner: false }, true);
  }

  async memberList(linearizable: boolean): Promise<MemberMessage[]> {
    if (linearizable) await this.#options.reads.wait();
    return this.#options.cluster().members().map(toMessage);
  }

  async #change(
    type: ConfChangeType,
    member: Member,
    isPromote: boolean,
  ): Promise<MemberMessage[]> {
    const { ids, cluster, driver, proposals, learnersMax } = this.#options;
    const change: MemberChange = { requestId: ids.next(), isPromote, member };
    cluster().validate(kindOf(type), change, learnersMax);
    const applied = proposals.expect(change.requestId);
    driver.proposeConfChange({
      type,
      nodeId: member.id,
      context: encodeMemberChange(change),
      id: change.requestId,
    });
    await applied;
    return cluster().members().map(toMessage);
  }
}

/** What a membership entry does to the records of the cluster. */
export function kindOf(type: ConfChangeType): "add" | "remove" | "update" {
  switch (type) {
    case "ConfChangeAddNode":
    case "ConfChangeAddLearnerNode":
      return "add";
    case "ConfChangeRemoveNode":
      return "remove";
    case "ConfChangeUpdateNode":
      return "update";
  }
}

export function toMessage(member: Member): MemberMessage {
  return MemberMessage.create({
    ID: member.id,
    name: member.name,
    peerURLs: [...member.peerURLs],
    clientURLs: [...member.clientURLs],
    isLearner: member.isLearner,
  });
}
