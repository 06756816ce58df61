/**
 * Who has streams open to us: by member id, whether or not that member is known here yet. One that
 * joins may dial before the entry that adds it has been applied.
 */
import type { Socket } from "node:net";
import type { Clock } from "../env/env.ts";
import type { NodeId } from "../raft/messages.ts";

interface Streams {
  /** Two for a moment when the peer dials anew. */
  readonly sockets: Set<Socket>;
  readonly sinceMs: number;
}

export class IncomingStreams {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #streams = new Map<NodeId, Streams>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  opened(id: NodeId, socket: Socket): void {
    const streams = this.#streams.get(id);
    if (streams !== undefined) streams.sockets.add(socket);
    else {
      this.#streams.set(id, { sockets: new Set([socket]), sinceMs: this.#clock.monotonicMs() });
    }
  }

  closed(id: NodeId, socket: Socket): void {
    const streams = this.#streams.get(id);
    streams?.sockets.delete(socket);
    if (streams?.sockets.size === 0) this.#streams.delete(id);
  }

  /** Monotonic ms since when there has been a stream without a break; undefined if there is none. */
  activeSince(id: NodeId): number | undefined {
    return this.#streams.get(id)?.sinceMs;
  }

  close(id: NodeId): void {
    for (const socket of this.#streams.get(id)?.sockets ?? []) socket.destroy();
  }

  closeAll(): void {
    for (const id of this.#streams.keys()) this.close(id);
  }
}
