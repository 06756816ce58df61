import type { ClientDuplexStream } from "@grpc/grpc-js";
import { EtcdErrors } from "../error-codes.ts";
import { EtcdError } from "../etcd-error.ts";
import { Watch, WatchCreateRequest, WatchRequest, type WatchResponse } from "../gen/rpc.ts";
import type { Event } from "../gen/kv.ts";
import { GrpcCode } from "../grpc-status.ts";
import type { CallScope } from "./call-scope.ts";
import type { Caller } from "./caller.ts";
import type { KeyRange } from "./keys/key-range.ts";
import { rangeOf, type WatchInput } from "./keys/request-input.ts";
import type { KeyPrefix } from "./namespace/key-prefix.ts";
import type { CallOptions } from "./options.ts";
import { isStaleToken } from "./retry.ts";
import { parseCancelReason, toEtcdError } from "./to-etcd-error.ts";
import { WatchPosition } from "./watch-position.ts";

const REOPEN_FIRST_MS = 50;
const REOPEN_MS_MAX = 1000;
const TOKENS_MAX = 3;
/** What a server takes for no key at all. */
const FIRST_KEY: Uint8Array = Uint8Array.of(0);

/** What to watch; the key, its range and the other fields are those of the protocol. */
export type WatchOptions = WatchInput & Pick<CallOptions, "endpoint" | "hasLeader" | "signal">;

/** The events from `compactRevision` on are all that can still be watched. */
export class WatchCompactedError extends EtcdError {
  override readonly name: string = "WatchCompactedError";
  readonly compactRevision: number;

  constructor(compactRevision: number) {
    super(EtcdErrors.compacted.code, EtcdErrors.compacted.message);
    this.compactRevision = compactRevision;
  }
}

/**
 * A watch that survives broken streams: it goes on after the last revision it has handed over, on
 * any endpoint, so that every event is seen once and in order.
 *
 * It begins with the first `next()`. The first response has `created` set, once; then come
 * responses with events (always whole revisions, also with `fragment`) and, if asked for, without
 * (progress). The loop ends after `cancel()` or an abort. It throws WatchCompactedError when the
 * history it needs is gone, and EtcdError for every other reason to end. The consumer's pace holds
 * the server back; nothing piles up here.
 */
export class Watcher implements AsyncIterable<WatchResponse> {
  readonly #caller: Caller;
  readonly #prefix: KeyPrefix;
  readonly #options: WatchOptions;
  readonly #range: KeyRange;
  readonly #position: WatchPosition;
  readonly #canceled = new AbortController();
  readonly #scope: CallScope;
  readonly #responses: AsyncGenerator<WatchResponse, void, void>;
  #stream: ClientDuplexStream<WatchRequest, WatchResponse> | undefined;
  #isProgressWanted = false;
  #wasOpen = false;
  #tokensTried = 0;

  /** Watches within `prefix`. */
  constructor(caller: Caller, prefix: KeyPrefix, options: WatchOptions) {
    this.#caller = caller;
    this.#prefix = prefix;
    this.#options = options;
    const { key, rangeEnd } = rangeOf(options);
    this.#range = prefix.add({ key: key.length === 0 ? FIRST_KEY : key, rangeEnd });
    this.#position = new WatchPosition(options.startRevision ?? 0);
    this.#scope = caller.scope({ signal: anySignal(this.#canceled, options.signal) });
    this.#responses = this.#run();
  }

  [Symbol.asyncIterator](): AsyncGenerator<WatchResponse, void, void> {
    return this.#responses;
  }

  /** The next response; `done` after the end. */
  next(): Promise<IteratorResult<WatchResponse, void>> {
    return this.#responses.next();
  }

  /** The events alone, one by one; ends and throws as the watcher does. */
  async *events(): AsyncGenerator<Event, void, void> {
    for await (const { events } of this) {
      yield* events;
    }
  }

  /** Asks for a response without events that tells how far the watch has got. */
  requestProgress(): void {
    if (this.#stream === undefined) {
      this.#isProgressWanted = true;
    } else {
      this.#stream.write(WatchRequest.create({ progressRequest: {} }));
    }
  }

  cancel(): void {
    this.#canceled.abort();
  }

  async *#run(): AsyncGenerator<WatchResponse, void, void> {
    let failures = 0;
    while (!this.#scope.isAborted) {
      try {
        for await (const response of this.#session()) {
          failures = 0;
          this.#prefix.stripEvents(response.events);
          yield response;
        }
      } catch (error) {
        if (this.#scope.isAborted) {
          break;
        }
        this.#throwIfFatal(error);
        this.#caller.reportStream(Watch.watch.path, error);
      }
      await this.#scope.sleep(Math.min(REOPEN_FIRST_MS * 2 ** failures++, REOPEN_MS_MAX));
    }
    if (this.#caller.isClosed) {
      throw EtcdError.from(EtcdErrors.contextCanceled);
    }
  }

  /** One stream, from its opening to its end. */
  async *#session(): AsyncGenerator<WatchResponse, void, void> {
    const open = await this.#caller.bidiStream(Watch.watch, this.#scope, this.#options);
    this.#sendCreate(open.stream);
    try {
      for await (const response of open.responses) {
        const news = this.#accept(response, open.stream);
        if (news !== undefined) {
          yield news;
        }
      }
      open.avoid();
    } catch (error) {
      if (!this.#scope.isAborted && !(error instanceof WatchCanceledError)) {
        open.avoid();
      }
      throw error;
    } finally {
      this.#stream = undefined;
    }
  }

  #sendCreate(stream: ClientDuplexStream<WatchRequest, WatchResponse>): void {
    const startRevision = this.#position.resume();
    const createRequest = WatchCreateRequest.create({
      ...this.#options,
      ...this.#range,
      startRevision,
    });
    stream.write(WatchRequest.create({ createRequest }));
  }

  #accept(
    response: WatchResponse,
    stream: ClientDuplexStream<WatchRequest, WatchResponse>,
  ): WatchResponse | undefined {
    if (response.canceled) {
      throw canceledError(response);
    }
    if (response.created) {
      this.#wasOpen = true;
      this.#tokensTried = 0;
      this.#stream = stream;
      if (this.#isProgressWanted) {
        this.#isProgressWanted = false;
        this.requestProgress();
      }
    }
    return this.#position.accept(response);
  }

  #throwIfFatal(thrown: unknown): void {
    if (thrown instanceof WatchCanceledError) {
      this.#throwUnlessStale(thrown.reason);
      return;
    }
    const error = toEtcdError(thrown);
    const isDialTimeout = error.is(EtcdErrors.contextDeadlineExceeded) && this.#wasOpen;
    if (isDialTimeout || isBrokenStream(error)) {
      return;
    }
    this.#throwUnlessStale(error);
  }

  #throwUnlessStale(error: EtcdError): void {
    const isStale = isStaleToken(error) && this.#caller.hasTokenSource;
    if (!isStale || ++this.#tokensTried > TOKENS_MAX) {
      throw error;
    }
    this.#caller.forgetToken();
  }
}

/** The server ended the watch, not the stream: opening another would not help. */
class WatchCanceledError extends Error {
  readonly reason: EtcdError;

  constructor(reason: EtcdError) {
    super(reason.message);
    this.reason = reason;
  }
}

function canceledError(response: WatchResponse): WatchCanceledError {
  const reason =
    response.compactRevision > 0
      ? new WatchCompactedError(response.compactRevision)
      : parseCancelReason(response.cancelReason);
  return new WatchCanceledError(reason);
}

// A server that dies or leaves ends its streams with one of these; "no leader" comes only to those
// who asked to be told.
function isBrokenStream(error: EtcdError): boolean {
  if (error.is(EtcdErrors.noLeader)) {
    return false;
  }
  return (
    error.code === GrpcCode.Unavailable ||
    error.code === GrpcCode.Internal ||
    (error.code === GrpcCode.Canceled && !error.is(EtcdErrors.watchCanceled))
  );
}

function anySignal(own: AbortController, given: AbortSignal | undefined): AbortSignal {
  return given === undefined ? own.signal : AbortSignal.any([own.signal, given]);
}
