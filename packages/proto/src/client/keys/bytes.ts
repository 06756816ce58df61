/** Keys and values are bytes; a string stands for its UTF-8. */
export type Bytes = string | Uint8Array;

export function toBytes(bytes: Bytes): Uint8Array {
  return typeof bytes === "string" ? Buffer.from(bytes) : bytes;
}

/** The UTF-8 text of a key or value; "" for none. */
export function toText(bytes: Uint8Array | undefined): string {
  return toBuffer(bytes ?? new Uint8Array()).toString();
}

/** The same memory as a Buffer. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
