import type { Http2Stream } from "./stream.ts";

const PLACES_MIN = 16;
const PLACES_MAX = 1024;

/**
 * The open streams of a connection by id. A client counts its ids up, so each has a place of its own in
 * a short array until the ids have come round; a stream that is still open then, a watch say, moves
 * aside into a map. A map alone would do but for the garbage collector: one with much coming and going
 * replaces its table again and again, each old table points to the next, and once one of them is old
 * enough to be kept until the next full collection, it keeps all that follow, with every stream that
 * was in them and every request.
 */
export class OpenStreams {
  #places: (Http2Stream | undefined)[] = emptyPlaces(PLACES_MIN);
  #placed = 0;
  readonly #aside = new Map<number, Http2Stream>();

  get size(): number {
    return this.#placed + this.#aside.size;
  }

  get(id: number): Http2Stream | undefined {
    const stream = this.#places[this.#placeOf(id)];
    if (stream !== undefined && stream.id === id) return stream;
    return this.#aside.size === 0 ? undefined : this.#aside.get(id);
  }

  /** The id must not be in use. */
  add(stream: Http2Stream): void {
    const place = this.#placeOf(stream.id);
    const earlier = this.#places[place];
    if (earlier !== undefined && this.#grow()) {
      this.add(stream);
      return;
    }
    if (earlier === undefined) this.#placed += 1;
    else this.#aside.set(earlier.id, earlier);
    this.#places[place] = stream;
  }

  delete(id: number): void {
    const place = this.#placeOf(id);
    if (this.#places[place]?.id === id) {
      this.#places[place] = undefined;
      this.#placed -= 1;
    } else if (this.#aside.size > 0) {
      this.#aside.delete(id);
    }
  }

  /** A copy, so that streams may be closed on the way. */
  all(): Http2Stream[] {
    const streams = [...this.#aside.values()];
    for (const stream of this.#places) if (stream !== undefined) streams.push(stream);
    return streams;
  }

  #placeOf(id: number): number {
    return (id >>> 1) & (this.#places.length - 1);
  }

  /** Doubles the places if most are taken; with few it is a long-lived stream that is in the way. */
  #grow(): boolean {
    const { length } = this.#places;
    if (length >= PLACES_MAX || this.#placed < length / 2) return false;
    const streams = this.#places;
    this.#places = emptyPlaces(length * 2);
    for (const stream of streams) {
      if (stream !== undefined) this.#places[this.#placeOf(stream.id)] = stream;
    }
    return true;
  }
}

function emptyPlaces(count: number): (Http2Stream | undefined)[] {
  return Array.from<Http2Stream | undefined>({ length: count }).fill(undefined);
}
