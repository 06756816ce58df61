import { EtcdErrors } from "../error-codes.ts";
import { EtcdError } from "../etcd-error.ts";

/** Node's timers take no longer time. */
export const TIMER_MS_MAX: number = 2 ** 31 - 1;

/**
 * The limits of one call, over all its attempts: until when, and whether somebody wants it to
 * stop (the caller's signal, or the client's end).
 */
export class CallScope {
  /** Milliseconds since the epoch; Infinity for none. */
  readonly deadline: number;
  readonly #signals: readonly AbortSignal[];

  constructor(timeoutMs: number | undefined, ...signals: (AbortSignal | undefined)[]) {
    const isLimited = timeoutMs !== undefined && timeoutMs > 0;
    this.deadline = isLimited ? Date.now() + timeoutMs : Infinity;
    this.#signals = signals.filter((signal) => signal !== undefined);
  }

  get isAborted(): boolean {
    return this.#signals.some((signal) => signal.aborted);
  }

  get isOver(): boolean {
    return Date.now() >= this.deadline;
  }

  throwIfDone(): void {
    if (this.isAborted) {
      throw EtcdError.from(EtcdErrors.contextCanceled);
    }
    if (this.isOver) {
      throw EtcdError.from(EtcdErrors.contextDeadlineExceeded);
    }
  }

  /** Calls `listener` once, at an abort; returns how to call that off. */
  onAbort(listener: () => void): () => void {
    for (const signal of this.#signals) {
      signal.addEventListener("abort", listener, { once: true });
    }
    return () => {
      for (const signal of this.#signals) {
        signal.removeEventListener("abort", listener);
      }
    };
  }

  /**
   * Calls `listener` once, at an abort or when the time is over, at once if it is; returns how to
   * call that off.
   */
  onEnd(listener: () => void): () => void {
    const forget = (): void => {
      clearTimeout(timer);
      forgetAbort();
    };
    const end = (): void => {
      forget();
      listener();
    };
    const left = Math.max(0, this.deadline - Date.now());
    const timer = left > TIMER_MS_MAX ? undefined : setTimeout(end, left);
    const forgetAbort = this.onAbort(end);
    if (this.isAborted) {
      end();
    }
    return forget;
  }

  /** The options of a call within this scope; without a limit, the client's default holds. */
  callOptions(): { timeoutMs: number | undefined; signal: AbortSignal | undefined } {
    const left = this.deadline - Date.now();
    return {
      timeoutMs: this.deadline === Infinity ? undefined : Math.max(1, left),
      signal: this.#signals.length > 1 ? AbortSignal.any([...this.#signals]) : this.#signals[0],
    };
  }

  /** Resolves after the time, or at once when the scope ends; then it does not throw. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        forget();
        resolve();
      };
      const time = Math.min(milliseconds, Math.max(0, this.deadline - Date.now()));
      const timer = setTimeout(finish, time);
      const forget = this.onAbort(finish);
      if (this.isAborted) {
        finish();
      }
    });
  }
}
