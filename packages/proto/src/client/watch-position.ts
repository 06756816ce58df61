/**
 * How far a watch has got: what to ask for after its stream broke, so that no event is missed and
 * none is seen twice.
 *
 * The server never splits the events of a revision over responses, unless they are marked as
 * fragments. Fragments are held back until they are complete; so whatever has been handed on ends
 * with a whole revision, and the next one is where to go on.
 */
import type { Event } from "../gen/kv.ts";
import type { WatchResponse } from "../gen/rpc.ts";

export class WatchPosition {
  #next: number;
  #isCreated = false;
  #fragments: Event[] = [];

  /** `startRevision` 0: from the revision after the one at which the watch is created. */
  constructor(startRevision: number) {
    this.#next = startRevision;
  }

  /** The `startRevision` of the next create request. Forgets fragments of the stream before. */
  resume(): number {
    this.#fragments = [];
    return this.#next;
  }

  /** What of a response is news for the consumer, if anything. */
  accept(response: WatchResponse): WatchResponse | undefined {
    if (response.created) {
      return this.#onCreated(response);
    }
    if (response.fragment) {
      this.#fragments.push(...response.events);
      return undefined;
    }
    if (response.events.length === 0 && this.#fragments.length === 0) {
      this.#next = Math.max(this.#next, (response.header?.revision ?? 0) + 1);
      return response;
    }
    return this.#onEvents(response);
  }

  #onCreated(response: WatchResponse): WatchResponse | undefined {
    if (this.#next <= 0) {
      this.#next = (response.header?.revision ?? 0) + 1;
    }
    const isFirst = !this.#isCreated;
    this.#isCreated = true;
    return isFirst ? response : undefined;
  }

  #onEvents(response: WatchResponse): WatchResponse | undefined {
    const all = [...this.#fragments, ...response.events];
    this.#fragments = [];
    const events = all.filter((event) => (event.kv?.modRevision ?? 0) >= this.#next);
    const last = events.at(-1)?.kv?.modRevision;
    if (last === undefined) {
      return undefined;
    }
    this.#next = last + 1;
    return events.length === response.events.length ? response : { ...response, events };
  }
}
