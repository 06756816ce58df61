/** `grpc-timeout`: up to eight digits and a unit. */
const DIGITS_MAX = 8;
const TIMEOUT = /^(\d{1,8})([HMSmun])$/;

const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** Less than this is over before anything can be done. */
const LEAST_MS = 1e-3;

/** Milliseconds; 0 for what nobody can keep, `undefined` when malformed. */
export function parseTimeoutMs(text: string): number | undefined {
  const match = TIMEOUT.exec(text);
  if (match === null) return undefined;
  const timeoutMs = Number(match[1]) * UNIT_MS[match[2]!]!;
  return timeoutMs < LEAST_MS ? 0 : timeoutMs;
}

/** What grpc-go says of a malformed timeout. */
export function explainTimeout(text: string): string {
  const quoted = JSON.stringify(text);
  if (text.length < 2) return `transport: timeout string is too short: ${quoted}`;
  if (text.length > DIGITS_MAX + 1) return `transport: timeout string is too long: ${quoted}`;
  if (UNIT_MS[text.at(-1)!] === undefined) {
    return `transport: timeout unit is not recognized: ${quoted}`;
  }
  const digits = JSON.stringify(text.slice(0, -1));
  return `strconv.ParseUint: parsing ${digits}: invalid syntax`;
}
