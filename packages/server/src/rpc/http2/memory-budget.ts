/**
 * What a server keeps for all its connections together: requests that are not done with, header
 * blocks, responses that are not sent. Each connection has limits of its own; this is for many that
 * stay just below theirs.
 *
 * Tight, at three quarters: connections that keep more than a little are refused new streams. Full: the
 * connection that keeps the most is closed, and the next, until there is room again. Those that keep
 * little do not notice either, so the whole is bounded by the budget and that little for each
 * connection.
 */
import type { Clock } from "../../env/env.ts";
import { SPARED_BYTES, TIGHT_SHARE } from "./limits.ts";

/** The part of one connection. */
export class MemoryAccount {
  readonly #budget: MemoryBudget;
  /** Closes the connection, to have what it keeps. */
  readonly close: () => void;
  #bytes = 0;

  constructor(budget: MemoryBudget, close: () => void) {
    this.#budget = budget;
    this.close = close;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What the connection keeps by now. */
  set(bytes: number): void {
    if (bytes === this.#bytes) return;
    const grown = bytes - this.#bytes;
    this.#bytes = bytes;
    this.#budget.grow(grown);
  }

  /** The connection is gone; what its handlers still keep goes on to count. */
  drop(): void {
    this.#budget.drop(this);
  }

  /** Whether it should take on nothing more. */
  get isOverdrawn(): boolean {
    return this.#budget.isTight && this.#bytes > SPARED_BYTES;
  }
}

export class MemoryBudget {
  readonly #bytesMax: number;
  readonly #clock: Pick<Clock, "defer">;
  readonly #accounts = new Set<MemoryAccount>();
  #used = 0;
  #isReliefDue = false;

  constructor(bytesMax: number, clock: Pick<Clock, "defer">) {
    this.#bytesMax = bytesMax;
    this.#clock = clock;
  }

  get usedBytes(): number {
    return this.#used;
  }

  get isTight(): boolean {
    return this.#used > this.#bytesMax * TIGHT_SHARE;
  }

  /** `close` is called, once, when the account is to be emptied. */
  open(close: () => void): MemoryAccount {
    const account = new MemoryAccount(this, close);
    this.#accounts.add(account);
    return account;
  }

  /** For accounts: not to be closed any more. */
  drop(account: MemoryAccount): void {
    this.#accounts.delete(account);
  }

  /** For accounts: so much more is kept, or less. */
  grow(bytes: number): void {
    this.#used += bytes;
    if (this.#used <= this.#bytesMax || this.#isReliefDue) return;
    this.#isReliefDue = true;
    // Not in the midst of what a connection is doing.
    this.#clock.defer(() => this.#relieve());
  }

  #relieve(): void {
    this.#isReliefDue = false;
    while (this.#used > this.#bytesMax) {
      const greediest = this.#greediest();
      if (greediest === undefined) return;
      this.drop(greediest);
      greediest.close();
    }
  }

  #greediest(): MemoryAccount | undefined {
    let greediest: MemoryAccount | undefined;
    let most = SPARED_BYTES;
    for (const account of this.#accounts) {
      if (account.bytes <= most) continue;
      most = account.bytes;
      greediest = account;
    }
    return greediest;
  }
}
