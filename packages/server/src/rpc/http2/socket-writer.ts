/** The sending end of the socket: collects the frames of a turn and hands them over at once. */
import type { Socket } from "node:net";
import type { SlabPool } from "../../lib/slab-pool.ts";
import { calm } from "./error-codes.ts";
import { UNSENT_ANSWERS_MAX, UNSENT_ANSWERS_PAUSE } from "./limits.ts";
import { Output } from "./output.ts";

/** In the middle of a turn: with so much collected the socket gets it at once. */
const FLUSH_BYTES = 64 * 1024;

/** Have `flush` called: at the end of the turn, or some milliseconds later. */
export interface FlushRequests {
  atTurnEnd(): void;
  soon(): void;
}

export class SocketWriter {
  readonly output: Output;
  readonly #socket: Socket;
  readonly #flushes: FlushRequests;
  #isFlushRequested = false;
  #isFlushSoonRequested = false;
  /** Since that was requested something has left: what waits now has not waited as long. */
  #hasFlushed = false;
  /** Answers that the socket has not taken, and those of them that it has not been given. */
  #answers = 0;
  #collectedAnswers = 0;
  /** The socket takes no more for now; only frames that cannot wait should be written. */
  isBlocked = false;

  constructor(socket: Socket, pool: SlabPool, flushes: FlushRequests) {
    this.#socket = socket;
    this.output = new Output(pool);
    this.#flushes = flushes;
  }

  /** Bytes that the system has not taken. */
  get unsentBytes(): number {
    return this.#socket.writableLength + this.output.size;
  }

  /** To be called after each write to `output`. */
  written(): void {
    if (this.output.size >= FLUSH_BYTES) this.flush();
    else this.requestFlush();
  }

  /** Has `flush` called at the end of the turn. */
  requestFlush(): void {
    if (this.#isFlushRequested) return;
    this.#isFlushRequested = true;
    this.#flushes.atTurnEnd();
  }

  /** A frame that is not subject to flow control. */
  control(frame: Uint8Array): void {
    this.output.append(frame);
    this.written();
  }

  /** A frame that the peer made us send; they pile up when it does not read. */
  answer(frame: Uint8Array): void {
    this.control(frame);
    this.#answered();
  }

  /** As `answer`, for one that can wait some milliseconds for others to go with. */
  answerSoon(frame: Uint8Array): void {
    this.output.append(frame);
    if (!this.#isFlushSoonRequested) {
      this.#isFlushSoonRequested = true;
      this.#hasFlushed = false;
      this.#flushes.soon();
    }
    this.#answered();
  }

  #answered(): void {
    this.#answers += 1;
    this.#collectedAnswers += 1;
    if (this.#answers % UNSENT_ANSWERS_PAUSE !== 0) return;
    this.flush();
    if (this.#answers >= UNSENT_ANSWERS_MAX) throw calm("too many unread answers");
    if (this.isBlocked) this.#socket.pause();
  }

  /** The socket has taken everything. */
  drained(): void {
    this.isBlocked = false;
    this.#answers = this.#collectedAnswers;
    this.output.returned();
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** The time of what could wait has come, unless that has left with something else. */
  flushLate(): void {
    if (this.#hasFlushed && this.output.size > 0) {
      this.#hasFlushed = false;
      this.#flushes.soon();
      return;
    }
    this.#isFlushSoonRequested = false;
    this.flush();
  }

  /** As `flush`, in a turn at whose end it will be called, too. */
  flushEarly(): void {
    this.flush();
    this.#isFlushRequested = true;
  }

  flush(): void {
    this.#isFlushRequested = false;
    const { output } = this;
    if (output.size === 0) return;
    this.#hasFlushed = true;
    // A little on its way through TLS: no event has told of its end.
    if (this.#socket.writableLength === 0) this.#answers = this.#collectedAnswers;
    const chunks = output.take();
    if (this.#socket.writable) this.#write(chunks);
    this.#collectedAnswers = 0;
    if (this.#socket.writableLength === 0) {
      output.recycle();
      this.#answers = 0;
    } else if (this.#socket.writableNeedDrain) output.lend();
    // No event will tell.
    else output.abandon();
  }

  #write(chunks: readonly Buffer[]): void {
    const socket = this.#socket;
    if (chunks.length === 1) {
      this.isBlocked = !socket.write(chunks[0]!);
      return;
    }
    socket.cork();
    for (const chunk of chunks) socket.write(chunk);
    socket.uncork();
    this.isBlocked = socket.writableNeedDrain;
  }
}
