/** Bytes of messages as text, without their schema: enough to compare two of them and to read ids. */

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

const MAX_SHIFT = 63n;

function varint(cursor: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; shift <= MAX_SHIFT; shift += 7n) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw new Error("the bytes end within a number");
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw new Error("a number is too long");
}

function field(cursor: Cursor): string {
  const tag = Number(varint(cursor));
  const [number, type] = [tag >>> 3, tag & 7];
  if (number === 0) throw new Error("field 0");
  if (type === 0) return `${number}: ${varint(cursor)}`;
  if (type !== 2) throw new Error(`wire type ${type}`);
  const length = Number(varint(cursor));
  const end = cursor.at + length;
  if (end > cursor.bytes.length) throw new Error("the bytes end within a field");
  const value = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return `${number}: ${bytesText(value)}`;
}

function message(bytes: Buffer): string {
  const cursor: Cursor = { bytes, at: 0 };
  const fields: string[] = [];
  while (cursor.at < bytes.length) fields.push(field(cursor));
  return fields.join(" ");
}

function bytesText(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  if (/^[\x20-\x7e]*$/.test(text)) return JSON.stringify(text);
  try {
    return `{${message(bytes)}}`;
  } catch {
    return `0x${bytes.toString("hex")}`;
  }
}

/** The fields of a message by number; of bytes that are none, their hexadecimal. */
export function protoText(bytes: Buffer): string {
  try {
    return message(bytes);
  } catch {
    return `0x${bytes.toString("hex")}`;
  }
}
