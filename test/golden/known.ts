/** What only a run decides: ids, addresses, folders. They have names, in what is run and in what is read. */

const ID_DIGITS = 16;

export class Known {
  readonly #values = new Map<string, string>();
  /** The ways in which values are written, the longest first. */
  #written: (readonly [text: string, name: string])[] = [];

  set(name: string, text: string): void {
    this.#values.set(name, text);
    this.#write(text, name);
  }

  /** An id, which is written in decimal and in hexadecimal, as etcd's tools do. */
  setId(name: string, id: bigint): void {
    const hex = id.toString(16);
    this.#values.set(name, hex);
    this.#values.set(`${name}Dec`, id.toString());
    this.#write(hex.padStart(ID_DIGITS, "0"), name);
    this.#write(hex, name);
    this.#write(id.toString(), `${name}Dec`);
  }

  #write(text: string, name: string): void {
    this.#written.push([text, name]);
    this.#written.sort(([a], [b]) => b.length - a.length);
  }

  /** Puts values in the place of their names. */
  fill(text: string): string {
    return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => this.#values.get(name) ?? whole);
  }

  /** Puts names in the place of values. */
  hide(text: string): string {
    let hidden = text;
    for (const [value, name] of this.#written) hidden = hidden.replaceAll(value, `{${name}}`);
    return hidden;
  }
}
