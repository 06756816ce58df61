import { FIRST_DATA_PAGE } from "./page.ts";

/**
 * Hands out page ids in file order. Planning an image and writing it each run one of these over
 * the same calls, which is why they agree on every id.
 */
export class PageAllocator {
  #next = FIRST_DATA_PAGE;

  /** The first of `pages` adjoining ids. */
  allocate(pages: number): number {
    const first = this.#next;
    this.#next += pages;
    return first;
  }

  /** First id not handed out: the high water of a meta page. */
  get highWater(): number {
    return this.#next;
  }
}
