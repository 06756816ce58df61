const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB"] as const;

/** Rounds as Go prints: halves to the even neighbour, so that 20.5 is "20" and 21.5 "22". */
function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const isHalf = value - below === 0.5;
  return isHalf && below % 2 === 0 ? below : Math.round(value);
}

/** A size in bytes as etcd's tools show it: powers of 1000, one decimal below ten ("2.1 GB"). */
export function humanizeBytes(bytes: number): string {
  if (bytes < 10) return `${bytes} B`;
  const exponent = Math.min(Math.floor(Math.log(bytes) / Math.log(1000)), UNITS.length - 1);
  const value = Math.floor((bytes / 1000 ** exponent) * 10 + 0.5) / 10;
  const text = value < 10 ? value.toFixed(1) : String(roundHalfToEven(value));
  return `${text} ${UNITS[exponent]}`;
}
