import type { RaftRandom } from "../config.ts";

/** A small seeded generator (mulberry32): the same seed gives the same run. */
export function createPrng(seed: number): RaftRandom {
  let state = seed | 0;
  return {
    nextInt(n: number): number {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * n);
    },
  };
}
