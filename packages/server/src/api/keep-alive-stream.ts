/** One LeaseKeepAlive RPC: beats, each of which gives a lease its time again. */
import {
  EtcdError,
  EtcdErrors,
  type LeaseKeepAliveRequest,
  LeaseKeepAliveResponse,
  type ResponseHeader,
} from "@kvorum/proto";
import { listenTo, Reply, type ReplyListener } from "../lib/reply.ts";
import type { MemberPort } from "../member/ports.ts";
import type { RequestReceiver, ResponseSink } from "../rpc/service.ts";
import type { Headers } from "./header.ts";

/** The TTL that tells a client that there is no such lease. */
const UNKNOWN_TTL = 0;
/** Beats of one stream under way. A client may have thousands of leases on one. */
const BEATS_MAX = 64;

type Sink = ResponseSink<LeaseKeepAliveResponse>;

/** Beats are under way together; each is answered in its turn. */
export class KeepAliveStream implements RequestReceiver<LeaseKeepAliveRequest> {
  readonly concurrency: number = BEATS_MAX;
  readonly #member: MemberPort;
  readonly #headers: Headers;
  readonly #sink: Sink;
  /** Those that have no answer yet, the oldest first. */
  readonly #beats: Beat[] = [];

  constructor(member: MemberPort, headers: Headers, sink: Sink) {
    this.#member = member;
    this.#headers = headers;
    this.#sink = sink;
  }

  /**
   * The header is made before the lease is renewed: its revision must not be past one at which the
   * lease, renewed or not, is known to have lived.
   */
  onMessage({ ID }: LeaseKeepAliveRequest): Reply<void> {
    const header = this.#headers.create(this.#member.currentRevision);
    const beat = new Beat(header, ID, this);
    this.#beats.push(beat);
    listenTo(this.#member.leaseRenew(ID), beat);
    return beat;
  }

  onEnd(): void {
    this.#sink.end();
  }

  /** Answers the oldest beats as far as they are ready. */
  answer(): void {
    while (this.#beats[0]?.isReady === true) this.#beats.shift()!.answer(this.#sink);
  }
}

/** Resolves when it has been answered. */
class Beat extends Reply<void> implements ReplyListener<number> {
  readonly #header: ResponseHeader;
  readonly #id: bigint;
  readonly #stream: KeepAliveStream;
  #ttl: number | undefined = undefined;
  #failure: unknown = undefined;

  constructor(header: ResponseHeader, id: bigint, stream: KeepAliveStream) {
    super();
    this.#header = header;
    this.#id = id;
    this.#stream = stream;
  }

  get isReady(): boolean {
    return this.#ttl !== undefined || this.#failure !== undefined;
  }

  onReply(ttl: number): void {
    this.#ttl = ttl;
    this.#stream.answer();
  }

  onFailure(error: unknown): void {
    if (error instanceof EtcdError && error.is(EtcdErrors.leaseNotFound)) this.#ttl = UNKNOWN_TTL;
    else this.#failure = error;
    this.#stream.answer();
  }

  answer(sink: Sink): void {
    if (this.#ttl === undefined) {
      this.reject(this.#failure);
      return;
    }
    const [header, ID, TTL] = [this.#header, this.#id, this.#ttl];
    sink.write(LeaseKeepAliveResponse.create({ header, ID, TTL }));
    this.resolve();
  }
}
