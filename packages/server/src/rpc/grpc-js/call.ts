import { Metadata } from "@grpc/grpc-js";
import type { Clock } from "../../env/env.ts";
import { CallObservers, type Interceptor } from "../interceptor.ts";
import type { Call } from "../service.ts";
import { RpcError, StatusCode } from "../status.ts";
import type { LibraryCall } from "./surface.ts";

/** What all calls of a server share. */
export interface CallContext {
  readonly clock: Pick<Clock, "wallMs">;
  readonly interceptors: readonly Interceptor[];
  /** What a call ends with when its handler or an interceptor threw. */
  readonly errorToStatus: (error: unknown) => RpcError;
  /** Bytes in a sink above which it asks to wait. */
  readonly sinkBytesMax: number;
  /** Calls under way, so that a stop can end them. */
  readonly open: Set<GrpcJsCall>;
}

/** `Call` over a call of the library, from its start to its one end. */
export class GrpcJsCall implements Call {
  readonly path: string;
  readonly isStream: boolean;
  readonly #call: LibraryCall;
  readonly #context: CallContext;
  readonly #observers = new CallObservers();
  #state: "open" | "canceled" | "ended" = "open";
  #listeners: (() => void)[] | undefined;
  #controller: AbortController | undefined;
  /** Ends the call with a status; set by the part that owns its responses. */
  terminate: (error: RpcError) => void = () => undefined;

  constructor(
    call: LibraryCall,
    method: { path: string; isStream: boolean },
    context: CallContext,
  ) {
    this.path = method.path;
    this.isStream = method.isStream;
    this.#call = call;
    this.#context = context;
    context.open.add(this);
    call.on("cancelled", () => this.#cancel());
  }

  get peer(): string {
    return this.#call.getPeer();
  }

  get isCanceled(): boolean {
    return this.#state === "canceled";
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      this.onCancel(() => controller.abort());
    }
    return this.#controller.signal;
  }

  get(key: string): string | undefined {
    const value = this.#call.metadata.get(key)[0];
    return value === undefined ? undefined : value.toString();
  }

  timeLeftMs(): number {
    const deadline = this.#call.getDeadline();
    const at = typeof deadline === "number" ? deadline : deadline.getTime();
    return at === Infinity ? Infinity : at - this.#context.clock.wallMs();
  }

  onCancel(listener: () => void): void {
    if (this.#state === "canceled") listener();
    else if (this.#state === "open") (this.#listeners ??= []).push(listener);
  }

  sendInitialMetadata(): void {
    if (this.#state === "open") this.#call.sendMetadata(new Metadata());
  }

  /** Throws what the interceptor throws that refuses the call. */
  intercept(): void {
    this.#observers.start(this, this.#context.interceptors);
  }

  statusOf(error: unknown): RpcError {
    return this.#context.errorToStatus(error);
  }

  /** The call's own end; false when it has ended or was canceled before. */
  finish(error?: RpcError): boolean {
    if (this.#state !== "open") return false;
    this.#close("ended", error?.code ?? StatusCode.OK, error?.message ?? "");
    return true;
  }

  abort(error: RpcError): void {
    if (this.#state !== "open") return;
    this.terminate(error);
    this.#cancel(error);
  }

  #cancel(error = new RpcError(StatusCode.Canceled, "context canceled")): void {
    if (this.#state !== "open") return;
    const listeners = this.#listeners;
    this.#close("canceled", error.code, error.message);
    if (listeners !== undefined) for (const listener of listeners) listener();
  }

  #close(state: "canceled" | "ended", code: number, message: string): void {
    this.#state = state;
    this.#listeners = undefined;
    this.#context.open.delete(this);
    this.#observers.finish({ code, message });
  }
}
