/**
 * Records lie in the store by revision, many to a block. Read in the order of the keys, each may ask for
 * a block of its own; read in the order of revisions, each block is asked for once. A radix sort, least
 * significant digit first: it takes few passes, which can be cut anywhere, and compares nothing.
 */
import type { Pause } from "../lib/key-order.ts";

/** A digit has so many values. */
const DIGITS = 2048;
/** Worked on between pauses: a fraction of a millisecond. */
const PIECE = 8192;

/** `positions` in ascending order of their main revisions; equals stay in their order. */
export async function readOrder(
  positions: readonly number[],
  mains: readonly number[],
  pause: Pause,
): Promise<Uint32Array> {
  let order: Uint32Array = Uint32Array.from(positions);
  const { lowest, highest } = await bounds(order, mains, pause);
  for (let unit = 1; unit <= highest - lowest; unit *= DIGITS) {
    const digitOf = (position: number): number =>
      Math.floor((mains[position]! - lowest) / unit) % DIGITS;
    order = await sortedBy(order, digitOf, pause);
  }
  return order;
}

async function bounds(
  order: Uint32Array,
  mains: readonly number[],
  pause: Pause,
): Promise<{ readonly lowest: number; readonly highest: number }> {
  let lowest = Infinity;
  let highest = 0;
  await inPieces(order, pause, (position) => {
    lowest = Math.min(lowest, mains[position]!);
    highest = Math.max(highest, mains[position]!);
  });
  return { lowest, highest };
}

async function sortedBy(
  order: Uint32Array,
  digitOf: (position: number) => number,
  pause: Pause,
): Promise<Uint32Array> {
  // By digit: how many are below it; later, where its next one goes.
  const places = new Uint32Array(DIGITS + 1);
  await inPieces(order, pause, (position) => {
    places[digitOf(position) + 1]!++;
  });
  for (let digit = 1; digit < DIGITS; digit++) {
    places[digit]! += places[digit - 1]!;
  }
  const sorted = new Uint32Array(order.length);
  await inPieces(order, pause, (position) => {
    sorted[places[digitOf(position)]!++] = position;
  });
  return sorted;
}

async function inPieces(
  order: Uint32Array,
  pause: Pause,
  visit: (position: number) => void,
): Promise<void> {
  for (let start = 0; start < order.length; start += PIECE) {
    const end = Math.min(start + PIECE, order.length);
    for (let at = start; at < end; at++) {
      visit(order[at]!);
    }
    await pause();
  }
}
