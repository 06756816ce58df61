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
