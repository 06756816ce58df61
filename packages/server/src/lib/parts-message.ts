import type { LongMessage } from "./long-message.ts";

/** A message that lies in several places. */
export class PartsMessage implements LongMessage {
  readonly length: number;
  readonly keptBytes: number;
  readonly #parts: readonly Uint8Array[];
  /** Of the next byte: its part, and its place in that. */
  #part = 0;
  #offset = 0;
  readonly #onTaken: () => void;

  /** `onTaken` is called when the last byte has been taken, and not at all when it never is. */
  constructor(parts: readonly Uint8Array[], onTaken: () => void) {
    this.#parts = parts.filter((part) => part.length > 0);
    this.length = parts.reduce((bytes, part) => bytes + part.length, 0);
    this.keptBytes = this.length;
    this.#onTaken = onTaken;
  }

  take(target: Buffer, start: number, end: number): void {
    for (let at = start; at < end; ) {
      const part = this.#parts[this.#part]!;
      const bytes = part.subarray(this.#offset, this.#offset + end - at);
      target.set(bytes, at);
      at += bytes.length;
      this.#offset += bytes.length;
      if (this.#offset === part.length) {
        this.#part += 1;
        this.#offset = 0;
      }
    }
    if (this.#part === this.#parts.length) {
      this.#onTaken();
    }
  }
}
