/** Who we are to our peers: what every connection states first. */
export interface PeerIdentity {
  readonly clusterId: bigint;
  readonly memberId: bigint;
}

export function formatHex(id: bigint): string {
  return id.toString(16);
}

/** Undefined for anything but one to sixteen hexadecimal digits. */
export function parseHex(text: string | string[] | undefined): bigint | undefined {
  return typeof text === "string" && /^[0-9a-f]{1,16}$/i.test(text)
    ? BigInt(`0x${text}`)
    : undefined;
}
