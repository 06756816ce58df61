/** What no client library would send: damaged bytes, foreign fields, sizes over the limits. */
import { methodAt, pathOf } from "../methods.ts";
import type { CallStep } from "../programme.ts";
import type { Random } from "../random.ts";
import type { Bindings, Fields } from "../value.ts";
import { encodeTree } from "../wire-tree.ts";
import { call, deleteRequest, putRequest, rangeRequest } from "./kv.ts";
import { txnRequest } from "./txn.ts";

/** Stands in for what only a run knows: damaged requests are bytes, made in advance. */
const NOTHING: Bindings = { revision: 9, compacted: 3, memberId: 1n, leases: [], added: [] };

function damaged(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  const noise = Buffer.from(random.list(1 + random.below(4), () => random.below(256)));
  return random.weighted<() => Buffer>([
    [3, () => bytes.subarray(0, at)],
    [
      5,
      () => {
        const copy = Buffer.from(bytes);
        if (copy.length > 0) copy[at % copy.length] = random.below(256);
        return copy;
      },
    ],
    [3, () => Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)])],
    [2, () => Buffer.concat([bytes, noise])],
    [2, () => Buffer.concat([bytes, bytes])],
  ])();
}

function damagedStep(random: Random): CallStep {
  const [name, request] = random.pick<() => [string, Fields]>([
    () => ["Range", rangeRequest(random)],
    () => ["Put", putRequest(random)],
    () => ["DeleteRange", deleteRequest(random)],
    () => ["Txn", txnRequest(random)],
    () => ["LeaseTimeToLive", { ID: 7, keys: true }],
    () => ["LeaseRevoke", { ID: 7 }],
  ])();
  const type = methodAt(pathOf(name))?.requestType;
  if (type === undefined) throw new Error(`no method ${name}`);
  const bytes = damaged(random, encodeTree(type, request, NOTHING));
  return call(name, { $bytes: bytes.toString("hex") });
}

/** Fields of every wire type that the schema does not know, groups and empty ones among them. */
const FOREIGN = [
  "f80101", // 31: varint
  "f9010102030405060708", // 31: 64 bit
  "fa0100", // 31: empty bytes
  "fd0101020304", // 31: 32 bit
  "fb01fc01", // 31: empty group
  "fb010801fc01", // 31: group with a field
  "fb01", // a group without end
  "fc01", // an end without group
  "fb01f401", // a group with another's end
  "f801ffffffffffffffffff01", // the longest varint
  "f801ffffffffffffffffff02", // one bit too many
  "f80180808080808080808000", // zero, at length
  "00", // field 0
  "07", // wire type 7
  "feffffff0f01", // a field number at the edge
  "f8ffffffff0f01", // and beyond
  "80808080808080808080", // no end
];

function foreignStep(random: Random): CallStep {
  const $raw = random.pick(FOREIGN);
  return random.pick([
    call("Range", { key: "a", $raw }),
    call("Put", { key: "a", value: "f", $raw }),
    call("Txn", { success: [{ request_put: { key: "f", $raw } }] }),
    call("Status", { $raw }),
    call("Txn", { success: [{ $raw }] }),
    call("Txn", { compare: [{ key: "a", $raw }] }),
    call("Txn", { success: [{ request_txn: { failure: [{ $raw: "4a00" }] } }] }),
  ]);
}

/** The same field twice, and a union with two members set: the last one counts. */
function twiceStep(random: Random): CallStep {
  const both: Fields = { request_range: { key: "a" }, request_put: { key: "b", value: "u" } };
  const merged: Fields = { $raw: "12040a020a62", request_put: { value: "m" } };
  return random.pick([
    call("Range", { $raw: "0a0161", key: "b" }),
    call("Put", { key: "a", value: "1", $raw: "120132" }),
    call("Txn", { success: [both] }),
    call("Txn", { success: [{ request_put: { key: "b" }, request_range: { key: "a" } }] }),
    call("Txn", { success: [merged] }),
    call("Txn", { compare: [{ key: "a", version: 1, value: "x", target: 0 }] }),
    call("Txn", { compare: [{ key: "a", value: "x", version: 1, target: 3 }] }),
  ]);
}

/** Values around the size of a proposal and around what gRPC takes in. */
function largeStep(random: Random, requestBytesMax: number): CallStep {
  const size = random.pick([
    requestBytesMax - 40,
    requestBytesMax,
    requestBytesMax + 1,
    requestBytesMax + 512 * 1024 - 100,
    requestBytesMax + 512 * 1024 + 100,
  ]);
  const large = { $repeat: "x", count: size };
  return random.pick([
    call("Put", { key: "large", value: large }),
    call("Put", { key: large }),
    call("Range", { key: large }),
    call("Txn", { success: [{ request_put: { key: "large", value: large } }] }),
  ]);
}

function metadataStep(random: Random): CallStep {
  const step = call(random.pick(["Range", "Put"]), { key: "a" });
  const metadata = random.pick<Record<string, string>>([
    { hasleader: "true" },
    { hasleader: "maybe" },
    { token: "none.1" },
    { authorization: "Bearer none" },
    { "client-api-version": "3.7" },
    { "client-api-version": "\xff\xfe" },
    { "x-nobody-knows": "1" },
  ]);
  return { ...step, metadata };
}

export function malformedStep(random: Random, requestBytesMax: number): CallStep {
  return random.weighted<() => CallStep>([
    [8, () => damagedStep(random)],
    [3, () => foreignStep(random)],
    [2, () => twiceStep(random)],
    [2, () => metadataStep(random)],
    [0.6, () => largeStep(random, requestBytesMax)],
  ])();
}
