import type { HeaderField } from "./header-field.ts";
import { BOMB_FACTOR, HEADER_FIELDS_MAX, HEADER_LIST_BYTES_MAX } from "../limits.ts";
import { calm } from "../error-codes.ts";

/**
 * The fields of one block, counted as they are decoded. What is over the limit is dropped, but
 * decoding goes on: the dynamic table must stay what the client thinks it is.
 */
export class HeaderList {
  readonly fields: HeaderField[] = [];
  #bytes = 0;
  #count = 0;

  /** As HPACK counts them; those over the limit too. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The request with this list is to be refused; `fields` is not complete. */
  get isOverLimit(): boolean {
    return this.#bytes > HEADER_LIST_BYTES_MAX || this.#count > HEADER_FIELDS_MAX;
  }

  add(field: HeaderField): void {
    this.#bytes += field.size;
    this.#count += 1;
    if (!this.isOverLimit) {
      this.fields.push(field);
    } else if (
      this.#bytes > BOMB_FACTOR * HEADER_LIST_BYTES_MAX ||
      this.#count > BOMB_FACTOR * HEADER_FIELDS_MAX
    ) {
      throw calm("header list too large");
    }
  }
}
