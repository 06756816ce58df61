/**
 * The Watch service: many watchers on one stream. The member owns watchers, their order and their
 * back-pressure; here are the requests that make and end them, and the responses to those.
 */
import {
  Watch,
  type WatchCancelRequest,
  type WatchCreateRequest,
  type WatchRequest,
  WatchResponse,
} from "@kvorum/proto";
import type { Clock } from "../env/env.ts";
import { createDeferred, type Deferred } from "../lib/deferred.ts";
import type { MemberPort, WatchStreamPort } from "../member/ports.ts";
import {
  bidi,
  type Call,
  type MethodRegistration,
  type RequestReceiver,
  type ResponseSink,
} from "../rpc/service.ts";
import { Headers } from "./header.ts";
import { TurnShare } from "./turn-share.ts";

/** Of responses that speak of no watcher in particular. */
const NO_WATCH_ID = -1;

export function watchMethods(member: MemberPort, clock: Clock): MethodRegistration[] {
  const shared = { member, headers: new Headers(member), share: new TurnShare(clock) };
  return [bidi(Watch.watch, (call, sink) => new WatchSession(shared, { call, sink }))];
}

/** What all sessions have in common. */
interface Shared {
  readonly member: MemberPort;
  readonly headers: Headers;
  readonly share: TurnShare;
}

interface Stream {
  readonly call: Call;
  readonly sink: ResponseSink<WatchResponse>;
}

function isCreateError(error: unknown): error is Error {
  return error instanceof Error && error.name === "WatchCreateError";
}

/** One Watch RPC. */
class WatchSession implements RequestReceiver<WatchRequest> {
  readonly #member: MemberPort;
  readonly #headers: Headers;
  readonly #share: TurnShare;
  readonly #call: Call;
  readonly #sink: ResponseSink<WatchResponse>;
  readonly #watchers: WatchStreamPort;
  #drained: Deferred<void> | undefined;

  constructor({ member, headers, share }: Shared, { call, sink }: Stream) {
    this.#member = member;
    this.#headers = headers;
    this.#share = share;
    this.#call = call;
    this.#sink = sink;
    this.#watchers = member.openWatchStream({
      send: (response, encoded) =>
        encoded === undefined ? sink.write(response) : sink.writeEncoded(encoded),
    });
    sink.onDrain(() => this.#resume());
    call.onCancel(() => this.#close());
    // Clients wait for the headers before they send their first request.
    call.sendInitialMetadata();
  }

  /** Responses to requests are never withheld, so a client that does not read must not send more. */
  onMessage(request: WatchRequest): void | Promise<void> {
    this.#handle(request);
    if (this.#sink.isWritable || this.#call.isCanceled) return this.#share.spend();
    this.#drained ??= createDeferred<void>();
    return this.#drained.promise;
  }

  /** A client that has nothing more to ask goes on receiving. */
  onEnd(): void {
    return undefined;
  }

  /** A request of no known kind is ignored. */
  #handle(request: WatchRequest): void {
    if (request.createRequest !== undefined) this.#create(request.createRequest);
    else if (request.cancelRequest !== undefined) this.#cancel(request.cancelRequest);
    else if (request.progressRequest !== undefined) this.#watchers.requestProgress();
  }

  #create(request: WatchCreateRequest): void {
    try {
      this.#watchers.create(request, (watchId) => this.#answer({ watchId, created: true }));
    } catch (error) {
      if (!isCreateError(error)) throw error;
      this.#answer({
        watchId: NO_WATCH_ID,
        created: true,
        canceled: true,
        cancelReason: error.message,
      });
    }
  }

  /** Unknown ids are ignored: the watcher may just have been canceled from this side. */
  #cancel({ watchId }: WatchCancelRequest): void {
    if (this.#watchers.cancel(watchId)) this.#answer({ watchId, canceled: true });
  }

  #answer(response: Partial<WatchResponse>): void {
    const header = this.#headers.create(this.#member.currentRevision);
    this.#sink.write(WatchResponse.create({ header, ...response }));
  }

  #resume(): void {
    this.#drained?.resolve();
    this.#drained = undefined;
    this.#watchers.resume();
  }

  #close(): void {
    this.#watchers.close();
    this.#drained?.resolve();
  }
}
