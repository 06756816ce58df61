/** What can stand in a line, in one at a time. */
export interface InLine {
  /** For `Line` alone. */
  place: number;
}

/** Shorter lines are not worth closing up. */
const LENGTH_MIN = 16;

/**
 * First in, first out, and any may leave from the midst: a Set for much coming and going. A Set replaces
 * its table again and again then, and each old one points to the next, so that one which has grown old
 * keeps all that follow, and what was in them, from the garbage collector until its next full run.
 */
export class Line<T extends InLine> {
  #slots: (T | undefined)[] = [];
  /** Where the first may stand, and where the next will. */
  #start = 0;
  #end = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** To the end. It must stand in no line. */
  push(item: T): void {
    if (this.#end === this.#slots.length) this.#makeRoom();
    item.place = this.#end;
    this.#slots[this.#end] = item;
    this.#end += 1;
    this.#size += 1;
  }

  /** From wherever it stands in this line. */
  delete(item: T): void {
    if (this.#slots[item.place] !== item) return;
    this.#slots[item.place] = undefined;
    this.#left();
  }

  /** From the front; undefined if nobody is there. */
  shift(): T | undefined {
    while (this.#start < this.#end) {
      const item = this.#slots[this.#start];
      this.#slots[this.#start] = undefined;
      this.#start += 1;
      if (item !== undefined) {
        this.#left();
        return item;
      }
    }
    return undefined;
  }

  /** In order. Who is visited may leave meanwhile; nobody may come. */
  forEach(visit: (item: T) => void): void {
    for (let place = this.#start; place < this.#end; place++) {
      const item = this.#slots[place];
      if (item !== undefined) visit(item);
    }
  }

  #left(): void {
    this.#size -= 1;
    if (this.#size > 0) return;
    this.#start = 0;
    this.#end = 0;
  }

  /** Closes up a line that is half empty; in the others the next one makes the array longer. */
  #makeRoom(): void {
    if (this.#end < LENGTH_MIN || this.#size > this.#end / 2) return;
    const items = this.#slots.filter((item) => item !== undefined);
    for (const [place, item] of items.entries()) item.place = place;
    this.#slots = items;
    this.#start = 0;
    this.#end = items.length;
  }
}
