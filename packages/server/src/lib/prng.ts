/**
 * A small seeded generator (sfc32) for simulation, tests and jitter. Same seed, same sequence, on
 * every machine. Not for secrets.
 */
export class Prng {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number | bigint) {
    const bits = BigInt.asUintN(64, BigInt(seed));
    this.#a = Number(bits & 0xffff_ffffn) | 0;
    this.#b = Number(bits >> 32n) | 0;
    this.#c = 0x9e37_79b9 | 0;
    for (let round = 0; round < 12; round++) {
      this.nextUint32();
    }
  }

  nextUint32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Uniform in `[0, exclusiveMax)`, for `exclusiveMax` in `[1, 2^32]`; the bias is below 2^-20. */
  nextInt(exclusiveMax: number): number {
    return Math.floor(this.nextFloat() * exclusiveMax);
  }

  /** Uniform in `[0, 1)`, with 53 bits. */
  nextFloat(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 0x400_0000 + low) / 0x20_0000_0000_0000;
  }

  nextUint64(): bigint {
    return (BigInt(this.nextUint32()) << 32n) | BigInt(this.nextUint32());
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.nextFloat() < probability;
  }

  bytes(length: number): Uint8Array {
    const result = new Uint8Array(length);
    for (let at = 0; at < length; at++) {
      result[at] = this.nextUint32();
    }
    return result;
  }
}
