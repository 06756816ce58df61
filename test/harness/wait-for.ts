import { setTimeout as pause } from "node:timers/promises";

/** Thrown by a condition that can never come true any more; ends the wait at once. */
export class Hopeless extends Error {}

export interface WaitOptions {
  /** How long to go on asking before giving up. */
  readonly timeoutMs?: number;
  /** The pause between two questions. */
  readonly intervalMs?: number;
}

/**
 * Asks `condition` until it answers something truthy, and returns that answer.
 * An error thrown by `condition` counts as "not yet" and is quoted when time runs out.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  description: string,
  options: WaitOptions = {},
): Promise<NonNullable<T>> {
  const timeoutMs = options.timeoutMs ?? 20_000;
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await condition();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      last = error;
    }
    if (performance.now() > deadline) {
      const reason = last instanceof Error ? `; last error: ${last.message}` : "";
      throw new Error(`gave up after ${timeoutMs} ms waiting for ${description}${reason}`);
    }
    await pause(options.intervalMs ?? 50);
  }
}
