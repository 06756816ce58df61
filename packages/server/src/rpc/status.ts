/** The gRPC status codes that the transport itself gives. */
export const StatusCode = {
  OK: 0,
  Canceled: 1,
  Unknown: 2,
  DeadlineExceeded: 4,
  ResourceExhausted: 8,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
} as const;

/** A status other than OK that a call ends with. The message is sent to the client as it is. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /**
   * What a call ends with when a handler threw `error`: its own status, or Unknown with the text of
   * the error. Never a stack.
   */
  static from(error: unknown): RpcError {
    if (error instanceof RpcError) return error;
    const text = error instanceof Error ? error.message : String(error);
    return new RpcError(StatusCode.Unknown, text, { cause: error });
  }
}
