import { pathOf } from "../methods.ts";
import type { CallStep, Request } from "../programme.ts";
import type { Random } from "../random.ts";
import type { Fields, Value } from "../value.ts";
import { extreme, FIXED_LEASES, key, keyRange, revision, some, value, yes } from "./parts.ts";

export function call(name: string, request: Request): CallStep {
  return { do: "call", path: pathOf(name), request };
}

export function rangeRequest(random: Random): Fields {
  const limit = (): Value =>
    random.chance(0.05) ? extreme(random) : random.pick([0, 1, 1, 2, 3, 5, 100]);
  return {
    ...keyRange(random),
    ...some(random, {
      limit: [0.3, limit],
      revision: [0.35, () => revision(random)],
      sort_order: [0.3, () => random.pick([0, 1, 2, 1, 2, random.chance(0.1) ? 7 : 1])],
      sort_target: [0.35, () => random.pick([0, 1, 2, 3, 4, random.chance(0.2) ? -1 : 3])],
      serializable: [0.3, yes],
      keys_only: [0.2, yes],
      count_only: [0.15, yes],
      min_mod_revision: [0.1, () => revision(random)],
      max_mod_revision: [0.1, () => revision(random)],
      min_create_revision: [0.1, () => revision(random)],
      max_create_revision: [0.1, () => revision(random)],
    }),
  };
}

export function leaseId(random: Random): Value {
  return random.chance(0.06) ? 404 : random.pick(FIXED_LEASES);
}

export function putRequest(random: Random): Fields {
  const plain = random.chance(0.85);
  return {
    key: key(random),
    ...(plain || random.chance(0.5) ? { value: value(random) } : {}),
    ...some(random, {
      lease: [0.2, () => leaseId(random)],
      prev_kv: [0.3, yes],
      ignore_value: [plain ? 0.02 : 0.7, yes],
      ignore_lease: [plain ? 0.08 : 0.3, yes],
    }),
  };
}

export function deleteRequest(random: Random): Fields {
  return { ...keyRange(random), ...some(random, { prev_kv: [0.4, yes] }) };
}

function streamedRange(random: Random): Fields {
  const request = rangeRequest(random);
  if (random.chance(0.3)) return request;
  const plain = Object.entries(request).filter(([name]) => !/^(sort|min|max)_/.test(name));
  return Object.fromEntries(plain);
}

/** Enough keys at once for answers of many chunks and for limits that bite. */
function manyPuts(random: Random): Fields {
  const prefix = random.pick(["m/", "a/"]);
  const size = random.pick([1, 1, 40, 3_000, 14_000]);
  const puts = random.list(random.pick([12, 40, 100, 128, 129]), () => random.below(150));
  return {
    success: [...new Set(puts)].map((i) => ({
      request_put: {
        key: `${prefix}${String(i).padStart(3, "0")}`,
        value: { $repeat: "y", count: size },
      },
    })),
  };
}

function compaction(random: Random): Fields {
  const at = random.weighted<() => Value>([
    [5, () => ({ $rev: -random.below(6) })],
    [2, () => ({ $compacted: 1 + random.below(8) })],
    [1, () => ({ $compacted: -random.below(2) })],
    [1, () => revision(random)],
  ])();
  return { revision: at, ...some(random, { physical: [0.5, yes] }) };
}

export function kvStep(random: Random): CallStep {
  return random.weighted<() => CallStep>([
    [30, () => call("Range", rangeRequest(random))],
    [30, () => call("Put", putRequest(random))],
    [10, () => call("DeleteRange", deleteRequest(random))],
    [4, () => call("RangeStream", streamedRange(random))],
    [1.5, () => call("Txn", manyPuts(random))],
    [3, () => call("Compact", compaction(random))],
    [3, () => call("HashKV", random.chance(0.5) ? {} : { revision: revision(random) })],
  ])();
}
