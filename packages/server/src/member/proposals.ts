/**
 * Client requests on their way through the log: queued until Raft takes them, then awaited until the
 * entry is applied here, or until time is up. When time is up the outcome is unknown, and the error
 * says so: the entry may still be applied.
 *
 * Bounded by bytes and count; at the bound new requests are refused with `too many requests`.
 */
import { EtcdError, EtcdErrors, type EtcdStatus } from "@kvorum/proto";
import type { Clock } from "../env/env.ts";
import type { Foreground } from "../mvcc/turn.ts";
import { Reply } from "../lib/reply.ts";
import { RingBuffer } from "../lib/ring-buffer.ts";
import type { Entry } from "../raft/messages.ts";
import {
  type ApplyResponse,
  encodeRaftRequest,
  type RaftRequest,
  type RaftRequestKind,
  type RaftRequestKinds,
} from "./raft-request.ts";
import type { RequestIds } from "./request-ids.ts";

/** A proposal whose entry is awaited. */
export interface Pending {
  readonly id: bigint;
  /** The entry's data; the very object, while the entry stays in this process. */
  readonly data: Uint8Array;
  /** Undefined for what the caller proposes by itself. */
  readonly request: RaftRequest | undefined;
  readonly deadlineMs: number;
  /** A decision of this member as the leader: void as soon as it is not. */
  readonly asLeader: boolean;
  readonly reply: Reply<ApplyResponse | undefined>;
}

export interface ProposalsOptions {
  readonly clock: Clock;
  /** Told of every request while it is awaited. */
  readonly foreground: Foreground;
  readonly ids: RequestIds;
  readonly timeoutMs: number;
  /** One encoded request is never longer. */
  readonly requestBytesMax: number;
  /** Called when something was queued. */
  readonly onQueued: () => void;
  /** The error of a request that was made then (monotonic ms) and whose time is up. */
  readonly timeoutError: (startMs: number) => EtcdError;
}

const NO_DATA = new Uint8Array(0);
const OF_A_CLIENT = { asLeader: false };
const PENDING_BYTES_MAX = 256 * 1024 * 1024;
const PENDING_MAX = 65_536;
/** How far from the oldest proposal an entry is looked for by its bytes. */
const LOOK_AHEAD = 8;

export class Proposals {
  readonly #options: ProposalsOptions;
  #queue: Pending[] = [];
  /** Of everything that waits, queued or with Raft. */
  #bytes = 0;
  #count = 0;
  /**
   * In the order of ids and of deadlines, as all wait equally long, and mostly that in which the
   * entries are applied. Those that have their answer leave when they come to the head.
   */
  readonly #line = new RingBuffer<Pending>(PENDING_MAX);
  /** Those without data, and those that a later one has overtaken: lost on the way, or delayed. */
  readonly #aside = new Map<bigint, Pending>();
  #stopped = false;

  constructor(options: ProposalsOptions) {
    this.#options = options;
  }

  /** Resolves with what applying answers; rejects with an EtcdError. */
  submit<K extends RaftRequestKind>(
    kind: K,
    message: RaftRequestKinds[K]["message"],
    options: { readonly asLeader: boolean } = OF_A_CLIENT,
  ): Reply<RaftRequestKinds[K]["response"]> {
    const id = this.#options.ids.next();
    const request = { kind, message } as RaftRequest;
    const data = encodeRaftRequest(id, request);
    const isLong = data.length > this.#options.requestBytesMax;
    const refusal = isLong ? EtcdErrors.requestTooLarge : this.#refusal(data.length);
    if (refusal !== undefined) return Reply.rejected(EtcdError.from(refusal));
    const reply = new Reply<ApplyResponse | undefined>();
    const deadlineMs = this.#deadlineMs();
    this.#enqueue({ id, data, request, deadlineMs, asLeader: options.asLeader, reply });
    return reply as Reply<RaftRequestKinds[K]["response"]>;
  }

  /** Waits for the entry with this id, which the caller proposes by itself. */
  expect(id: bigint): Reply<ApplyResponse | undefined> {
    const refusal = this.#refusal(0);
    if (refusal !== undefined) return Reply.rejected(EtcdError.from(refusal));
    const reply = new Reply<ApplyResponse | undefined>();
    const parts = { data: NO_DATA, request: undefined, asLeader: false, reply };
    this.#count += 1;
    this.#options.foreground.begin();
    this.#aside.set(id, { id, ...parts, deadlineMs: this.#deadlineMs() });
    return reply;
  }

  #deadlineMs(): number {
    return this.#options.clock.monotonicMs() + this.#options.timeoutMs;
  }

  #enqueue(pending: Pending): void {
    this.#count += 1;
    this.#options.foreground.begin();
    this.#bytes += pending.data.length;
    if (this.#line.isFull) this.#pass(1);
    this.#line.push(pending);
    this.#queue.push(pending);
    this.#options.onQueued();
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
    const decided = this.#queue.filter(({ asLeader }) => asLeader);
    if (decided.length === 0) return;
    this.#queue = this.#queue.filter(({ asLeader }) => !asLeader);
    for (const pending of decided) {
      this.settle(pending, undefined, EtcdError.from(EtcdErrors.notLeader));
    }
  }

  /** Raft did not take these: no leader, or none that accepts proposals now. They stay first. */
  requeue(refused: Pending[]): void {
    const waiting = refused.filter((pending) => !pending.reply.isSettled);
    this.#queue = [...waiting, ...this.#queue];
  }

  /** These were certainly not forwarded to the leader: back to the head of the queue. */
  takeBack(entries: readonly Entry[]): void {
    const byData = new Map(this.#waiting().map((pending) => [pending.data, pending]));
    const unsent = entries.flatMap(({ data }) => byData.get(data) ?? []);
    this.requeue(unsent);
  }

  get hasQueued(): boolean {
    return this.#queue.length > 0;
  }

  get pendingCount(): number {
    return this.#count;
  }

  /**
   * The request that proposed this very data, which need not be decoded again then. One that is not
   * near the head is left to `findById`.
   */
  findByData(data: Uint8Array): Pending | undefined {
    const line = this.#line;
    while (line.at(0)?.reply.isSettled === true) line.shift();
    const end = Math.min(line.size, LOOK_AHEAD);
    for (let at = 0; at < end; at++) {
      if (line.at(at)!.data === data) return this.#waitingAt(at);
    }
    return undefined;
  }

  /**
   * The request that waits here for this very entry. Ids name sixteen bits of the member's id and its
   * start by its date, so the id alone might be another's, or one of an earlier life.
   */
  findById(id: bigint, data: Uint8Array): Pending | undefined {
    const pending = this.#aside.get(id) ?? this.#waitingAt(this.#placeOf(id));
    return pending !== undefined && Buffer.compare(pending.data, data) === 0 ? pending : undefined;
  }

  /** Answers whoever waits for the entry with this id, which was proposed by the caller itself. */
  complete(id: bigint, error: unknown): void {
    const pending = this.#aside.get(id);
    if (pending !== undefined) this.settle(pending, undefined, error);
  }

  /** Answers a request, if it still waits. */
  settle(pending: Pending, response: ApplyResponse | undefined, error: unknown): void {
    if (pending.reply.isSettled) return;
    this.#count -= 1;
    this.#options.foreground.end();
    this.#bytes -= pending.data.length;
    if (this.#aside.size > 0) this.#aside.delete(pending.id);
    if (error === undefined) pending.reply.resolve(response);
    else pending.reply.reject(error);
  }

  /** Rejects whatever has waited too long. */
  expire(nowMs: number): void {
    const line = this.#line;
    for (let head = line.at(0); head !== undefined; head = line.at(0)) {
      if (!head.reply.isSettled && head.deadlineMs > nowMs) break;
      line.shift();
      this.#timeOut(head);
    }
    for (const pending of this.#aside.values()) {
      if (pending.deadlineMs <= nowMs) this.#timeOut(pending);
    }
    // Once for all of them: without a leader there may be tens of thousands.
    if (this.#queue.some(({ reply }) => reply.isSettled)) {
      this.#queue = this.#queue.filter(({ reply }) => !reply.isSettled);
    }
  }

  /** Rejects everything, now and from now on. */
  stop(): void {
    this.#stopped = true;
    const all = this.#waiting();
    this.#line.clear();
    this.takeQueued();
    for (const pending of all) this.settle(pending, undefined, EtcdError.from(EtcdErrors.stopped));
  }

  #refusal(bytes: number): EtcdStatus | undefined {
    if (this.#stopped) return EtcdErrors.stopped;
    const full = this.#count >= PENDING_MAX || this.#bytes + bytes > PENDING_BYTES_MAX;
    return full ? EtcdErrors.tooManyRequests : undefined;
  }

  #waiting(): Pending[] {
    const line = Array.from({ length: this.#line.size }, (_none, at) => this.#line.at(at)!);
    return [...this.#aside.values(), ...line.filter(({ reply }) => !reply.isSettled)];
  }

  /** Where the request with this id is in the line, or would be. */
  #placeOf(id: bigint): number {
    const line = this.#line;
    let low = 0;
    let high = line.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (line.at(middle)!.id < id) low = middle + 1;
      else high = middle;
    }
    return line.at(low)?.id === id ? low : -1;
  }

  /** The request at a place in the line, if it still waits; it comes to the head. */
  #waitingAt(place: number): Pending | undefined {
    const pending = this.#line.at(place);
    if (pending === undefined || pending.reply.isSettled) return undefined;
    this.#pass(place);
    return pending;
  }

  /** Takes the first `count` out of the line. */
  #pass(count: number): void {
    for (let passed = 0; passed < count; passed++) {
      const pending = this.#line.shift()!;
      if (!pending.reply.isSettled) this.#aside.set(pending.id, pending);
    }
  }

  #timeOut(pending: Pending): void {
    if (pending.reply.isSettled) return;
    const startMs = pending.deadlineMs - this.#options.timeoutMs;
    this.settle(pending, undefined, this.#options.timeoutError(startMs));
  }
}
