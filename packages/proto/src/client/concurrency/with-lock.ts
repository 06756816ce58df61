import type { Bytes } from "../keys/bytes.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { Mutex } from "./mutex.ts";
import type { WaitOptions } from "./queue-place.ts";
import { Session } from "./session.ts";

export interface LockOptions extends WaitOptions {
  /** How long others wait when this process dies with the lock. Default: 60. */
  readonly ttlSeconds?: number | undefined;
}

/**
 * Waits for the lock `name`, within the limits of the options, does `work` and lets the lock go,
 * however the work ends. Each call has a session of its own, so calls in one process exclude each
 * other too. The work is given a signal that aborts when the lock is lost; it must stop then.
 */
export async function withLock<Result>(
  client: Namespace,
  name: Bytes,
  work: (signal: AbortSignal) => Promise<Result>,
  options: LockOptions = {},
): Promise<Result> {
  const started = Date.now();
  const session = await Session.create(client, options);
  try {
    const { timeoutMs, signal } = options;
    const left = timeoutMs && Math.max(1, timeoutMs - (Date.now() - started));
    await new Mutex(session, name).lock({ timeoutMs: left, signal });
    return await work(session.signal);
  } finally {
    await release(session);
  }
}

/** The work's result or error counts; a lease that could not be revoked expires. */
async function release(session: Session): Promise<void> {
  try {
    await session.close();
  } catch {
    // Others get the lock later than they could.
  }
}
