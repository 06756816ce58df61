/** Reads lines from a stream, bytes unharmed; for the modes in which etcdctl reads commands. */
import type { Readable } from "node:stream";
import { fromBytes } from "./go/byte-string.ts";

const NEWLINE = 0x0a;

export class StdinLines {
  readonly #chunks: AsyncIterator<Buffer>;
  #buffered: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** The next line without its newline; undefined when the input ends before one. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const end = this.#buffered.indexOf(NEWLINE);
      if (end >= 0) {
        const line = fromBytes(this.#buffered.subarray(0, end));
        this.#buffered = this.#buffered.subarray(end + 1);
        return line;
      }
      const chunk = await this.#chunks.next();
      if (chunk.done === true) return undefined;
      this.#buffered = Buffer.concat([this.#buffered, Buffer.from(chunk.value)]);
    }
  }

  /** Lets the stream go, so that it does not keep the process alive. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

/** All there is to read. */
export async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}
