/** The keys, values and numbers that programmes are made of: few, so that requests meet. */
import type { Random } from "../random.ts";
import type { Fields, Value } from "../value.ts";

const KEYS = [
  "a",
  "a/1",
  "a/2",
  "a/3",
  "ab",
  "b",
  "b\0",
  "c",
  "c/1",
  "c/2",
  "d",
  "e",
  "\0",
  "\xff",
  "\xff\xff",
];
const ODD_KEYS = ["", "\0\0", "k\x80\xfe", "zz", "a/", "A".repeat(300)];

export const FIXED_LEASES: readonly Value[] = [
  7,
  8,
  { $big: "4611686018427387905" },
  { $big: "9223372036854775807" },
  -5,
];

export function key(random: Random): string {
  return random.chance(0.04) ? random.pick(ODD_KEYS) : random.pick(KEYS);
}

export function value(random: Random): Value {
  return random.weighted<() => Value>([
    [6, () => random.pick(["", "1", "2", "v", "value", "\0", "\xff\xfe"])],
    [3, () => `v${random.below(5)}`],
    [0.4, () => ({ $repeat: "0123456789abcdef", count: 1 + random.below(2_000) })],
  ])();
}

/** Where a range ends, in every form. */
export function rangeEnd(random: Random, start: string): string {
  return random.weighted<() => string>([
    [5, () => ""],
    [3, () => "\0"],
    [3, () => successor(start)],
    [4, () => random.pick(KEYS)],
    [0.3, () => start],
    [0.3, () => random.pick(ODD_KEYS)],
  ])();
}

/** The end of the range of all keys that begin with `prefix`. */
function successor(prefix: string): string {
  const last = prefix.charCodeAt(prefix.length - 1);
  if (prefix === "" || last === 255) return "\0";
  return prefix.slice(0, -1) + String.fromCharCode(last + 1);
}

export function keyRange(random: Random): Fields {
  const start = key(random);
  const end = rangeEnd(random, start);
  return end === "" && random.chance(0.9) ? { key: start } : { key: start, range_end: end };
}

const EXTREMES: readonly Value[] = [
  -1,
  { $big: "4611686018427387904" },
  { $big: "9223372036854775807" },
  { $big: "-9223372036854775808" },
  2 ** 31,
  2 ** 32 + 1,
  2 ** 53 - 1,
];

export function extreme(random: Random): Value {
  return random.pick(EXTREMES);
}

/** A revision to read or watch from: mostly one that exists. */
export function revision(random: Random): Value {
  return random.weighted<() => Value>([
    [3, () => 0],
    [6, () => ({ $rev: -random.below(12) })],
    [1, () => ({ $rev: random.below(4) })],
    [2, () => ({ $compacted: random.below(3) - 1 })],
    [1, () => random.below(20)],
    [0.5, () => extreme(random)],
  ])();
}

/** The fields of which chance says so. */
export function some(
  random: Random,
  optional: Readonly<Record<string, [number, () => Value]>>,
): Fields {
  const chosen: Record<string, Value> = {};
  for (const [name, [probability, make]] of Object.entries(optional)) {
    if (random.chance(probability)) chosen[name] = make();
  }
  return chosen;
}

export const yes = (): true => true;
