/**
 * Every stored value ends with a CRC-32C over its engine key and itself. The engine does not notice
 * flipped bits in its tables; here they are noticed, also a good value under a wrong key.
 */
import { getUint32, putUint32 } from "../lib/bytes.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import { crc32c } from "../lib/crc32c.ts";
import { bucketName } from "./buckets.ts";

export const CHECKSUM_BYTES = 4;

/** The value as it is stored under the engine key `key`. */
export function sealValue(key: Uint8Array, value: Uint8Array): Uint8Array {
  const sealed = Buffer.allocUnsafe(value.length + CHECKSUM_BYTES);
  sealed.set(value);
  putUint32(sealed, value.length, crc32c(value, crc32c(key)));
  return sealed;
}

/** The value in what is stored under `key`, without copying. Throws `CorruptionError`. */
export function unsealValue(key: Uint8Array, sealed: Uint8Array): Uint8Array {
  const length = sealed.length - CHECKSUM_BYTES;
  if (length < 0 || crc32c(sealed, crc32c(key), 0, length) !== getUint32(sealed, length)) {
    const hex = Buffer.from(key.subarray(1)).toString("hex");
    const bucket = `bucket ${bucketName(key[0]!)}`;
    throw new CorruptionError(bucket, `key ${hex}`, "a value does not match its checksum");
  }
  return sealed.subarray(0, length);
}
