/**
 * Bytes on disk that cannot be what was written there. Never repaired silently: the member refuses
 * to start or stops.
 */
export class CorruptionError extends Error {
  override readonly name = "CorruptionError";
  /** The damaged file, or the store's bucket. */
  readonly place: string;
  /** Where in it: a byte offset, or a key in hexadecimal. */
  readonly position: string;

  constructor(place: string, position: number | string, reason: string) {
    super(`${place}: corrupt at ${position}: ${reason}`);
    this.place = place;
    this.position = String(position);
  }
}
