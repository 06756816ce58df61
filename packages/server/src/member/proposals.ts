/**
 * Client requests on their way through the log: queued until Raft takes them, then awaited until the
 * entry is applied here, or until time is up. When time is up the outcome is unknown, and the error
 * says so: the entry may still be applied.
 *
 * Bounded by bytes and count; at the bound new requests are refused with `too many requests`.
 */
import {
  type AlarmRequest,
  type AlarmResponse,
  type ClusterMemberAttrSetRequest,
  type ClusterVersionSetRequest,
  type CompactionRequest,
  type DeleteRangeRequest,
  type DeleteRangeResponse,
  EtcdError,
  EtcdErrors,
  InternalRaftRequest,
  type LeaseCheckpointRequest,
  type LeaseGrantRequest,
  type LeaseGrantResponse,
  type LeaseRevokeRequest,
  type LeaseRevokeResponse,
  type PutRequest,
  type PutResponse,
  type TxnRequest,
  type TxnResponse,
} from "@kvorum/proto";
import type { Clock } from "../env/env.ts";
import { RingBuffer } from "../lib/ring-buffer.ts";
import type { Entry } from "../raft/messages.ts";
import type { CompactionOutcome } from "./apply.ts";
import type { RequestIds } from "./request-ids.ts";

/** What may be proposed, and what applying it answers. */
export interface ProposalKinds {
  put: { request: PutRequest; response: PutResponse };
  deleteRange: { request: DeleteRangeRequest; response: DeleteRangeResponse };
  txn: { request: TxnRequest; response: TxnResponse };
  compaction: { request: CompactionRequest; response: CompactionOutcome };
  leaseGrant: { request: LeaseGrantRequest; response: LeaseGrantResponse };
  leaseRevoke: { request: LeaseRevokeRequest; response: LeaseRevokeResponse };
  leaseCheckpoint: { request: LeaseCheckpointRequest; response: undefined };
  alarm: { request: AlarmRequest; response: AlarmResponse };
  clusterVersionSet: { request: ClusterVersionSetRequest; response: undefined };
  clusterMemberAttrSet: { request: ClusterMemberAttrSetRequest; response: undefined };
}

export type ProposalKind = keyof ProposalKinds;
export type ApplyResponse = ProposalKinds[ProposalKind]["response"];

export interface Pending {
  readonly id: bigint;
  /** The entry's data; the very object, while the entry stays in this process. */
  readonly data: Uint8Array;
  readonly request: InternalRaftRequest | undefined;
  readonly deadlineMs: number;
  /** A decision of this member as the leader: void as soon as it is not. */
  readonly asLeader: boolean;
  readonly resolve: (response: ApplyResponse | undefined) => void;
  readonly reject: (error: unknown) => void;
  /** The caller has its answer. */
  settled: boolean;
}

export interface ProposalsOptions {
  readonly clock: Clock;
  readonly ids: RequestIds;
  readonly timeoutMs: number;
  /** One encoded request is never longer. */
  readonly requestBytesMax: number;
  /** Called when something was queued. */
  readonly onQueued: () => void;
  /** The error of a request that was made then (monotonic ms) and whose time is up. */
  readonly timeoutError: (startMs: number) => EtcdError;
}

const PENDING_BYTES_MAX = 256 * 1024 * 1024;
const PENDING_MAX = 65_536;
/** How far from the oldest proposal an entry is looked for. */
const LOOK_AHEAD = 64;

export class Proposals {
  readonly #options: ProposalsOptions;
  #queue: Pending[] = [];
  /** Of everything that waits, queued or with Raft. */
  #bytes = 0;
  /** Insertion order is deadline order, as all wait equally long. */
  readonly #pending = new Map<bigint, Pending>();
  /** Those with data, in the order in which their entries are likely to be applied. */
  readonly #expected = new RingBuffer<Pending>(PENDING_MAX);
  #stopped = false;

  constructor(options: ProposalsOptions) {
    this.#options = options;
  }

  /** Resolves with what applying answers; rejects with an EtcdError. */
  submit<K extends ProposalKind>(
    kind: K,
    message: ProposalKinds[K]["request"],
    options: { readonly asLeader: boolean } = { asLeader: false },
  ): Promise<ProposalKinds[K]["response"]> {
    const id = this.#options.ids.next();
    const header = { ID: id, username: "", authRevision: 0 };
    const request = InternalRaftRequest.create({ header, [kind]: message });
    const data = InternalRaftRequest.encode(request);
    if (data.length > this.#options.requestBytesMax) {
      return Promise.reject(EtcdError.from(EtcdErrors.requestTooLarge));
    }
    return this.#enqueue({ id, data, request, ...options }) as Promise<
      ProposalKinds[K]["response"]
    >;
  }

  /** Waits for the entry with this id, which the caller proposes by itself when `data` is empty. */
  enqueue(id: bigint, data: Uint8Array): Promise<ApplyResponse | undefined> {
    return this.#enqueue({ id, data, request: undefined, asLeader: false });
  }

  #enqueue(
    proposal: Pick<Pending, "id" | "data" | "request" | "asLeader">,
  ): Promise<ApplyResponse | undefined> {
    const { id, data } = proposal;
    const refusal = this.#refusal(data.length);
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      const deadlineMs = this.#options.clock.monotonicMs() + this.#options.timeoutMs;
      const { request, asLeader } = proposal;
      const pending = { id, data, request, asLeader, deadlineMs, resolve, reject, settled: false };
      this.#pending.set(id, pending);
      if (data.length === 0) return;
      if (this.#expected.isFull) this.#expected.shift();
      this.#expected.push(pending);
      this.#queue.push(pending);
      this.#bytes += data.length;
      this.#options.onQueued();
    });
  }

  /** Everything queued, in order; the caller hands it to Raft or gives it back with `requeue`. */
  takeQueued(): Pending[] {
    const taken = this.#queue;
    this.#queue = [];
    return taken;
  }

  /**
   * This member does not lead any more, or leads anew: what it had decided as the leader before and
   * has not proposed yet must not reach the log through anybody.
   */
  dropAsLeader(): void {
    for (const pending of this.#queue.filter(({ asLeader }) => asLeader)) {
      this.#forget(pending);
      this.#dequeue(pending);
      pending.reject(EtcdError.from(EtcdErrors.notLeader));
    }
  }

  /** Raft did not take these: no leader, or none that accepts proposals now. They stay first. */
  requeue(refused: Pending[]): void {
    const waiting = refused.filter((pending) => this.#pending.has(pending.id));
    this.#queue = [...waiting, ...this.#queue];
  }

  /** These were certainly not forwarded to the leader: back to the head of the queue. */
  takeBack(entries: readonly Entry[]): void {
    const byData = new Map([...this.#pending.values()].map((pending) => [pending.data, pending]));
    const unsent = entries.flatMap(({ data }) => byData.get(data) ?? []);
    this.requeue(unsent);
  }

  get hasQueued(): boolean {
    return this.#queue.length > 0;
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  /**
   * The request that proposed this very data, so that it need not be decoded again; to be asked once.
   * Entries come in the order of their proposals but for those that were lost or delayed, which are
   * not found here any more when a later one has come.
   */
  findByData(data: Uint8Array): Pending | undefined {
    const expected = this.#expected;
    while (expected.at(0)?.settled === true) expected.shift();
    const end = Math.min(expected.size, LOOK_AHEAD);
    for (let at = 0; at < end; at++) {
      const pending = expected.at(at)!;
      if (pending.data !== data) continue;
      for (let passed = 0; passed <= at; passed++) expected.shift();
      return pending.settled ? undefined : pending;
    }
    return undefined;
  }

  /**
   * Whether a caller waits here for this very entry. Ids name sixteen bits of the member's id and its
   * start by its date, so the id alone might be another's, or one of an earlier life.
   */
  isOwn(id: bigint, data: Uint8Array): boolean {
    const pending = this.#pending.get(id);
    return pending !== undefined && Buffer.compare(pending.data, data) === 0;
  }

  /** Answers the caller that waits for `id`, if it is one of ours and still waits. */
  complete(id: bigint, response: ApplyResponse | undefined, error: unknown): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#forget(pending);
    if (error === undefined) pending.resolve(response);
    else pending.reject(error);
  }

  /** Rejects whatever has waited too long. */
  expire(nowMs: number): void {
    for (const pending of this.#pending.values()) {
      if (pending.deadlineMs > nowMs) return;
      this.#forget(pending);
      this.#dequeue(pending);
      pending.reject(this.#options.timeoutError(pending.deadlineMs - this.#options.timeoutMs));
    }
  }

  /** Rejects everything, now and from now on. */
  stop(): void {
    this.#stopped = true;
    const all = [...this.#pending.values()];
    this.#pending.clear();
    this.#expected.clear();
    this.#bytes = 0;
    this.takeQueued();
    for (const pending of all) pending.reject(EtcdError.from(EtcdErrors.stopped));
  }

  #refusal(bytes: number): EtcdError | undefined {
    if (this.#stopped) return EtcdError.from(EtcdErrors.stopped);
    const full = this.#pending.size >= PENDING_MAX || this.#bytes + bytes > PENDING_BYTES_MAX;
    return full ? EtcdError.from(EtcdErrors.tooManyRequests) : undefined;
  }

  #forget(pending: Pending): void {
    if (this.#pending.delete(pending.id)) this.#bytes -= pending.data.length;
    pending.settled = true;
  }

  #dequeue(pending: Pending): void {
    const position = this.#queue.indexOf(pending);
    if (position >= 0) this.#queue.splice(position, 1);
  }
}
