/** Unsigned LEB128 of safe integers: seven bits a byte, the lowest first. */

/** Enough for any number below 2^56. */
export const VARINT_BYTES_MAX = 8;

/** Writes at `start`, where there must be room; returns where it ends. */
export function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 128) {
    bytes[at++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  bytes[at++] = rest;
  return at;
}

/** Reads one number after the other. */
export class VarintReader {
  readonly bytes: Uint8Array;
  /** Of the next byte; may be moved. */
  at: number;

  constructor(bytes: Uint8Array, at: number = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** −1 if there is no number here. */
  next(): number {
    const first = this.bytes[this.at];
    if (first !== undefined && first < 128) {
      this.at++;
      return first;
    }
    return this.#nextLong();
  }

  #nextLong(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < VARINT_BYTES_MAX; i++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) {
        break;
      }
      value += (byte & 127) * scale;
      if (byte < 128) {
        return value;
      }
      scale *= 128;
    }
    return -1;
  }
}
