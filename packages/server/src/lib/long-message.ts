/** A message too long for one buffer, whose bytes are made when they are sent. */
export interface LongMessage {
  readonly length: number;
  /** Memory that it keeps until its last byte is taken. */
  readonly keptBytes: number;
  /** Writes the next `end - start` bytes to `target[start, end)`. Each byte can be taken once. */
  take(target: Buffer, start: number, end: number): void;
}
