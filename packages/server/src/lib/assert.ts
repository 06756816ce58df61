/** Thrown when the program is wrong, not its input. Nothing catches it; the process ends. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/**
 * Guards an invariant, also in production. `message` must carry the numbers that disagree.
 * Where the message would be costly to build on a hot path, test the condition and call `fail`.
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) {
    fail(message);
  }
}

/** Reports a broken invariant that the caller has already detected. Never returns. */
export function fail(message: string): never {
  throw new InvariantError(message);
}
