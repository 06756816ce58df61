import { protocolError } from "./error-codes.ts";
import { OpenStreams } from "./open-streams.ts";
import type { Http2Stream } from "./stream.ts";

/** Streams that ended lately; frames of theirs may still be on their way. */
const REMEMBERED_CLOSED = 256;

/** How a stream that is gone has ended. */
export type ClosedBy = "us" | "client";

/** The streams of a connection: those open, and how those lately gone have ended. */
export class StreamTable {
  readonly open: OpenStreams = new OpenStreams();
  readonly #closed = new Int32Array(REMEMBERED_CLOSED);
  #closedCount = 0;
  /** The highest id a client has used; 0 before the first. */
  lastId = 0;
  /** Streams opened so far. */
  opened = 0;

  /** Takes the id of a new stream. Throws `ConnectionError` if it cannot be one. */
  useId(id: number): void {
    if (id % 2 !== 1) throw protocolError(`a client may not open stream ${id}`);
    if (id <= this.lastId) throw protocolError(`stream ${id} is behind ${this.lastId}`);
    this.lastId = id;
    this.opened += 1;
  }

  /** Whether the stream was never used; not even the ids below the last are. */
  isIdle(id: number): boolean {
    return id > this.lastId || id % 2 === 0;
  }

  add(stream: Http2Stream): void {
    this.open.add(stream);
  }

  close(id: number, by: ClosedBy): void {
    this.open.delete(id);
    this.#closed[this.#closedCount % REMEMBERED_CLOSED] = by === "us" ? -id : id;
    this.#closedCount += 1;
  }

  /** `undefined` when the stream was never open, or too long ago. */
  closedBy(id: number): ClosedBy | undefined {
    if (this.#closed.includes(-id)) return "us";
    return this.#closed.includes(id) ? "client" : undefined;
  }
}
