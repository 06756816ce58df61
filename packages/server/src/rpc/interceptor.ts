import type { Call } from "./service.ts";

/** How a call ended: its status code, and the server's reason when it was not OK. */
export interface CallOutcome {
  readonly code: number;
  readonly message: string;
}

/**
 * Runs before the handler of every call, in the order given. It refuses the call by
 * throwing, and may return a function that is called once when the call has ended, however it did.
 */
export type Interceptor = (call: Call) => ((outcome: CallOutcome) => void) | void;

/** The finishers of one call. */
export class CallObservers {
  #finishers: ((outcome: CallOutcome) => void)[] | undefined;

  /** Runs the interceptors; throws what the first that refuses throws. */
  start(call: Call, interceptors: readonly Interceptor[]): void {
    for (const interceptor of interceptors) {
      const finish = interceptor(call);
      if (finish !== undefined) (this.#finishers ??= []).push(finish);
    }
  }

  finish(outcome: CallOutcome): void {
    const finishers = this.#finishers;
    this.#finishers = undefined;
    if (finishers !== undefined) for (const finish of finishers) finish(outcome);
  }
}
