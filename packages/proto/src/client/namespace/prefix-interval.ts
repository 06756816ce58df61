import { EtcdErrors } from "../../error-codes.ts";
import { EtcdError } from "../../etcd-error.ts";
import { type KeyRange, prefixEnd } from "../keys/key-range.ts";

/**
 * A range within a namespace as a range of all keys, as clientv3/namespace reckons: "every key from
 * here on" ends where the namespace ends. Throws the server's `emptyKey` for no key, which would
 * otherwise mean the prefix itself.
 */
export function prefixInterval(prefix: Uint8Array, { key, rangeEnd }: KeyRange): KeyRange {
  if (key.length === 0) {
    throw EtcdError.from(EtcdErrors.emptyKey);
  }
  return { key: Buffer.concat([prefix, key]), rangeEnd: endWithin(prefix, rangeEnd) };
}

function endWithin(prefix: Uint8Array, rangeEnd: Uint8Array): Uint8Array {
  if (rangeEnd.length === 0) {
    return rangeEnd;
  }
  const isOpen = rangeEnd.length === 1 && rangeEnd[0] === 0;
  return isOpen ? prefixEnd(prefix) : Buffer.concat([prefix, rangeEnd]);
}
