/**
 * What a connection keeps for its client, and what follows from that: whether streams should add to it,
 * whether requests must wait, whether new streams are refused. The sum is reckoned anew when a chunk
 * has been read, when a turn's output was handed over and when the socket has taken it.
 */
import type { ConnectionParts } from "./dispatcher.ts";
import {
  ABANDONED_HANDLERS_MAX,
  BLOCKED_BYTES_MAX,
  CROWDED_BYTES,
  OPEN_STREAMS_BYTES_MAX,
  STREAM_BYTES,
  UNSENT_BYTES_MAX,
} from "./limits.ts";
import type { MemoryAccount } from "./memory-budget.ts";
import type { Http2Stream } from "./stream.ts";

/** Something that keeps the beginning of what has not come to its end. */
export interface Keeper {
  readonly keptBytes: number;
}

export class ConnectionLoad {
  readonly #parts: Pick<ConnectionParts, "flow" | "sender" | "writer">;
  readonly #keepers: readonly Keeper[];
  readonly #account: MemoryAccount;
  #streamBytes = 0;
  /** Of requests whose handlers run, for open streams or not. */
  #runningBytes = 0;
  #abandonedHandlers = 0;
  #isClosed = false;

  constructor(
    parts: Pick<ConnectionParts, "flow" | "sender" | "writer">,
    keepers: readonly Keeper[],
    account: MemoryAccount,
  ) {
    this.#parts = parts;
    this.#keepers = keepers;
    this.#account = account;
  }

  streamOpened(stream: Http2Stream): void {
    this.#streamBytes += STREAM_BYTES + stream.headBytes;
  }

  streamClosed(stream: Http2Stream): void {
    this.#streamBytes -= STREAM_BYTES + stream.headBytes;
  }

  /** A handler has begun on a request of so many bytes. */
  handlerStarted(bytes: number): void {
    this.#runningBytes += bytes;
  }

  /** And has settled; `isLate` when its stream was gone before. */
  handlerSettled(bytes: number, isLate: boolean): void {
    this.#runningBytes -= bytes;
    if (!isLate) return;
    this.#abandonedHandlers -= 1;
    this.recount();
  }

  /** A stream has ended whose handlers go on. */
  abandoned(handlers: number): void {
    this.#abandonedHandlers += handlers;
  }

  get mayOpenStream(): boolean {
    return (
      this.#abandonedHandlers < ABANDONED_HANDLERS_MAX &&
      this.#streamBytes < OPEN_STREAMS_BYTES_MAX &&
      !this.#account.isOverdrawn
    );
  }

  /** Much waits for the client: streams should not add to it. */
  get isCrowded(): boolean {
    return this.#unsentBytes > CROWDED_BYTES;
  }

  /** The client does not read what it asked for: requests must wait. */
  get isCongested(): boolean {
    return this.#unsentBytes > UNSENT_BYTES_MAX;
  }

  /** The client does not read what it may be sent at any time: nothing more should be read of it. */
  get isBlocked(): boolean {
    return this.#parts.writer.unsentBytes > BLOCKED_BYTES_MAX;
  }

  /** Tells the server's budget what is kept by now. */
  recount(): void {
    const { flow, sender, writer } = this.#parts;
    let bytes = this.#streamBytes + this.#runningBytes + flow.heldBytes;
    if (!this.#isClosed) {
      bytes += sender.keptBytes + writer.unsentBytes;
      for (let index = 0; index < this.#keepers.length; index++) {
        bytes += this.#keepers[index]!.keptBytes;
      }
    }
    this.#account.set(bytes);
  }

  /** The socket is gone; handlers may go on. */
  closed(): void {
    this.#isClosed = true;
    this.#account.drop();
    this.recount();
  }

  get #unsentBytes(): number {
    const { sender, writer } = this.#parts;
    return sender.queuedBytes + writer.unsentBytes;
  }
}
