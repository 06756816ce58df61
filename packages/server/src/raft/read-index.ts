import type { Message, NodeId } from "./messages.ts";
import { type JointConfig, jointCommittedIndex } from "./quorum/joint.ts";
import type { AckedIndexer } from "./quorum/majority.ts";

/** A confirmed read: state applied up to `index` includes all that was committed before it. */
export interface ReadState {
  index: number;
  /** As given to `readIndex`. */
  context: Uint8Array;
}

export interface ReadIndexRequest {
  request: Message;
  /** The leader's commit index when the request came in. */
  index: number;
}

const CONTEXT_BYTES = 8;

/**
 * Reads that wait for a quorum to confirm that the leader still leads (thesis §6.4).
 *
 * Requests are numbered from 1 in order of arrival within the term. A heartbeat carries the number
 * of the latest one, its response acknowledges that and all before it, and the number that a
 * quorum has acknowledged is found the same way as a commit index. So any number of reads share
 * one round of heartbeats.
 */
export class ReadIndexQueue implements AckedIndexer {
  #confirmed = 0;
  #waiting: ReadIndexRequest[] = [];
  readonly #acked = new Map<NodeId, number>();

  get length(): number {
    return this.#waiting.length;
  }

  add(request: Message, index: number): void {
    this.#waiting.push({ request, index });
  }

  /** What the next heartbeat should carry; undefined when nobody waits. */
  heartbeatContext(): Uint8Array | undefined {
    if (this.#waiting.length === 0) {
      return undefined;
    }
    const context = new Uint8Array(CONTEXT_BYTES);
    viewOf(context).setFloat64(0, this.#latest());
    return context;
  }

  /** A member's acknowledgement; one that this queue cannot have asked for is ignored. */
  acknowledge(from: NodeId, context: Uint8Array): void {
    if (context.length !== CONTEXT_BYTES) {
      return;
    }
    const position = viewOf(context).getFloat64(0);
    const known = this.#acked.get(from) ?? 0;
    if (Number.isSafeInteger(position) && position > known && position <= this.#latest()) {
      this.#acked.set(from, position);
    }
  }

  ackedIndex(id: NodeId): number | undefined {
    return this.#acked.get(id);
  }

  /** Takes out the requests that a quorum of `voters` has confirmed, oldest first. */
  takeConfirmed(voters: JointConfig): ReadIndexRequest[] {
    const confirmed = Math.min(jointCommittedIndex(voters, this), this.#latest());
    if (confirmed <= this.#confirmed) {
      return [];
    }
    const taken = this.#waiting.splice(0, confirmed - this.#confirmed);
    this.#confirmed = confirmed;
    return taken;
  }

  /** Forgets everything: the term is over, nobody may answer these reads any more. */
  reset(): void {
    this.#confirmed = 0;
    this.#waiting = [];
    this.#acked.clear();
  }

  #latest(): number {
    return this.#confirmed + this.#waiting.length;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
