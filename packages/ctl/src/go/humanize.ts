const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB"] as const;

/** A size in bytes as etcd's tools show it: powers of 1000, one decimal below ten ("2.1 GB"). */
export function humanizeBytes(bytes: number): string {
  if (bytes < 10) return `${bytes} B`;
  const exponent = Math.min(Math.floor(Math.log(bytes) / Math.log(1000)), UNITS.length - 1);
  const value = Math.floor((bytes / 1000 ** exponent) * 10 + 0.5) / 10;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${UNITS[exponent]}`;
}
