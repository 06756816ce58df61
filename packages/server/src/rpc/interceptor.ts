import type { Call } from "./service.ts";

/** Sees every call of a server, in the order in which the interceptors are given. */
export interface Interceptor {
  /** Runs before the handler; refuses the call by throwing. */
  begin?(call: Call): void;
  /**
   * Called once when a call has ended that this one has let begin, however it ended: with its status
   * code, and the server's reason when it was not OK.
   */
  end?(call: Call, code: number, message: string): void;
}
