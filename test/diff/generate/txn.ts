import type { CallStep } from "../programme.ts";
import type { Random } from "../random.ts";
import type { Fields, Value } from "../value.ts";
import { call, deleteRequest, leaseId, putRequest, rangeRequest } from "./kv.ts";
import { extreme, keyRange, revision, value } from "./parts.ts";

const UNIONS: readonly ((random: Random) => Fields)[] = [
  (random) => ({ version: random.chance(0.1) ? extreme(random) : random.below(4) }),
  (random) => ({ create_revision: revision(random) }),
  (random) => ({ mod_revision: revision(random) }),
  (random) => ({ value: value(random) }),
  (random) => ({ lease: leaseId(random) }),
];

function compare(random: Random): Fields {
  const target = random.below(5);
  // Now and then the union does not fit the target, is missing, or the numbers are unknown.
  const union = random.chance(0.08) ? random.pick(UNIONS) : UNIONS[target];
  const odd = random.chance(0.03);
  return {
    result: odd ? random.pick([4, 9, -1]) : random.below(4),
    target: random.chance(0.03) ? random.pick([5, -1, 77]) : target,
    ...keyRange(random),
    ...(random.chance(0.05) ? {} : (union as (random: Random) => Fields)(random)),
  };
}

function operation(random: Random, depth: number): Fields {
  return random.weighted<() => Fields>([
    [5, () => ({ request_range: rangeRequest(random) })],
    [8, () => ({ request_put: putRequest(random) })],
    [3, () => ({ request_delete_range: deleteRequest(random) })],
    [depth < 3 ? 2 : 0, () => ({ request_txn: txnRequest(random, depth + 1) })],
    [0.15, () => ({})],
    [0.1, () => ({ request_put: {} })],
  ])();
}

function branch(random: Random, depth: number): Value {
  return random.list(random.pick([0, 1, 1, 2, 2, 3, 5]), () => operation(random, depth));
}

export function txnRequest(random: Random, depth = 0): Fields {
  const compares = random.list(random.pick([0, 0, 1, 1, 1, 2, 3]), () => compare(random));
  return {
    ...(compares.length > 0 ? { compare: compares } : {}),
    success: branch(random, depth),
    ...(random.chance(0.7) ? { failure: branch(random, depth) } : {}),
  };
}

/**
 * A put that keeps the value or lease of a key which the same transaction has deleted ends etcd
 * itself. It gets as far as that only behind a deletion "from here on".
 */
function survivable(request: Fields): Fields {
  const deletesOpenRange = /"request_delete_range":\{[^{}]*"range_end":"\\u0000"/;
  const text = JSON.stringify(request);
  if (!deletesOpenRange.test(text)) return request;
  return JSON.parse(text.replaceAll(/,"ignore_(?:value|lease)":true/g, "")) as Fields;
}

/** At and over the limit of operations, in each of the lists that count. */
function crowdedTxn(random: Random): Fields {
  const many = random.pick([127, 128, 129, 200]);
  const gets = random.list(many, () => ({ request_range: { key: "a" } }));
  return random.pick<Fields>([
    { success: gets },
    { failure: gets },
    { compare: random.list(many, () => ({ target: 0, result: 3, key: "zz", version: 9 })) },
    { success: [{ request_txn: { success: gets } }] },
    { success: [{ request_put: { key: "a" } }, { request_txn: { failure: gets } }] },
  ]);
}

/** Puts and deletes that meet: what may and what may not stand beside each other. */
function meetingTxn(random: Random): Fields {
  const write = (): Fields =>
    random.weighted<Fields>([
      [3, { request_put: { key: random.pick(["a", "b", "c"]), value: "t" } }],
      [
        2,
        {
          request_delete_range: {
            key: random.pick(["a", "b"]),
            range_end: random.pick(["b", "c", "\0"]),
          },
        },
      ],
      [1, { request_delete_range: { key: random.pick(["a", "b", "c"]) } }],
      [1, { request_range: { key: "a", range_end: "\0" } }],
    ]);
  const inner = (): Fields => ({
    request_txn: { success: random.list(2, write), failure: [write()] },
  });
  const operations = random.list(1 + random.below(3), () =>
    random.chance(0.3) ? inner() : write(),
  );
  return random.chance(0.5)
    ? { success: operations }
    : { compare: [{ key: "a", result: 2 }], success: operations, failure: [write()] };
}

export function txnStep(random: Random): CallStep {
  return random.weighted<() => CallStep>([
    [20, () => call("Txn", survivable(txnRequest(random)))],
    [6, () => call("Txn", meetingTxn(random))],
    [0.7, () => call("Txn", crowdedTxn(random))],
  ])();
}
