/** What peers may ask of a member, and what they send it. */
import type {
  HashKVRequest,
  HashKVResponse,
  LeaseTimeToLiveRequest,
  LeaseTimeToLiveResponse,
} from "@kvorum/proto";
import { EtcdError, GrpcCode } from "@kvorum/proto";
import { formatId, type Member as ClusterMember } from "../membership/member.ts";
import type { Message, NodeId } from "../raft/messages.ts";
import { StartError } from "./founding.ts";
import type { Member } from "./member.ts";
import type { PeerHost } from "./ports.ts";
import type { StateMachine } from "./state-machine.ts";

export interface PeerServiceOptions {
  /** Late, as the member is being built around this. */
  readonly member: () => Member;
  readonly state: StateMachine;
  readonly onRemoved: () => void;
  readonly onFatal: (error: unknown) => void;
}

export class PeerService implements PeerHost {
  readonly #options: PeerServiceOptions;

  constructor(options: PeerServiceOptions) {
    this.#options = options;
  }

  get clusterVersion(): string | undefined {
    return this.#options.state.cluster.version;
  }

  members(): ClusterMember[] {
    return this.#options.state.cluster.members();
  }

  isRemoved(id: bigint): boolean {
    return this.#options.state.cluster.isRemoved(id);
  }

  removedFromCluster(): void {
    this.#options.onRemoved();
  }

  foreignCluster(clusterId: bigint): void {
    const { identity, leaderLoss } = this.#options.member();
    // With a leader, be it this member itself, it is the others that are in the wrong place.
    if (!leaderLoss.isLost) return;
    const own = formatId(identity.clusterId);
    const other = formatId(clusterId);
    this.#options.onFatal(
      new StartError(
        `cluster ID mismatch: the data directory belongs to cluster ${own}, all peers to ${other}`,
      ),
    );
  }

  /** Snapshots come with their content or not at all. */
  receive(messages: Message[]): void {
    const { driver } = this.#options.member().core;
    driver.receive(messages.filter(({ type }) => type !== "MsgSnap"));
  }

  /** A snapshot that Raft would refuse anyway is not taken in at all, nor a second one at a time. */
  async receiveSnapshot(message: Message, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const { core } = this.#options.member();
    const index = message.snapshot?.metadata.index ?? 0;
    if (index <= this.#options.state.applied.index) throw refusal(`${index} is not newer`);
    if (core.driver.isInstalling) throw refusal("another one is being installed");
    await core.snapshots.receive(message, chunks);
    core.driver.receiveSnapshot(message);
  }

  reportUnreachable(id: NodeId): void {
    this.#options.member().core.driver.run((node) => node.reportUnreachable(id));
  }

  async promoteMember(id: bigint): Promise<void> {
    await this.#options.member().membership.promoteAsLeader(id);
  }

  async leaseRenew(id: bigint): Promise<number> {
    return this.#options.member().leases.renewAsLeader(id);
  }

  async leaseTimeToLive(request: LeaseTimeToLiveRequest): Promise<LeaseTimeToLiveResponse> {
    return this.#options.member().leases.timeToLiveAsLeader(request);
  }

  async hashKV(request: HashKVRequest): Promise<HashKVResponse> {
    return this.#options.member().maintenance.hashKV(request);
  }
}

function refusal(reason: string): EtcdError {
  return new EtcdError(GrpcCode.FailedPrecondition, `snapshot refused: ${reason}`);
}
