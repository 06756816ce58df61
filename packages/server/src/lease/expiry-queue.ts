import { Heap } from "../lib/heap.ts";
import type { Lease } from "./lease.ts";

interface Entry {
  readonly lease: Lease;
  /** When to look at the lease; it may have been renewed since the entry was made. */
  readonly atMs: number;
}

/**
 * Which lease to look at next. One entry a lease: a renewal does not touch the queue; when the entry
 * comes up, it goes back in with the lease's expiry of then. So a keepalive costs no heap operation,
 * and the queue is never longer than the number of leases ever granted and not yet looked at.
 */
export class ExpiryQueue {
  readonly #heap = new Heap<Entry>((a, b) => a.atMs < b.atMs);

  get size(): number {
    return this.#heap.size;
  }

  add(lease: Lease, atMs: number): void {
    this.#heap.push({ lease, atMs });
  }

  /** The next lease whose time to be looked at has come; it is no longer in the queue. */
  takeDue(nowMs: number): Lease | undefined {
    const first = this.#heap.peek();
    return first !== undefined && first.atMs <= nowMs ? this.#heap.pop()?.lease : undefined;
  }

  clear(): void {
    this.#heap.clear();
  }
}
