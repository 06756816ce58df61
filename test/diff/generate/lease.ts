import { pathOf } from "../methods.ts";
import type { CallStep, Step } from "../programme.ts";
import type { Random } from "../random.ts";
import type { Value } from "../value.ts";
import { call, leaseId } from "./kv.ts";
import { extreme, FIXED_LEASES } from "./parts.ts";

/** Far apart, so that leases expire in the same order on both servers, and long after the run. */
const TTLS: readonly number[] = [4_000, 20_000, 100_000, 3_000_000, 9_000_000_000];
const KEEP_ALIVES = "k0";

function anyLease(random: Random): Value {
  return random.chance(0.25) ? { $lease: random.below(3) } : leaseId(random);
}

function grant(random: Random): CallStep {
  const id = random.chance(0.8) ? { ID: random.pick(FIXED_LEASES) } : {};
  return call("LeaseGrant", { TTL: random.pick(TTLS), ...id });
}

/** A lease that would expire during the run goes at once. */
function shortGrant(random: Random): Step {
  const TTL = random.chance(0.4)
    ? extreme(random)
    : random.pick<Value>([0, 1, 2, 3, 5, 9_000_000_001]);
  const ID = 5_000;
  return {
    do: "together",
    steps: [call("LeaseGrant", { TTL, ID }), call("LeaseRevoke", { ID })],
  };
}

export function leaseStep(random: Random): Step {
  return random.weighted<() => Step>([
    [8, () => grant(random)],
    [2, () => shortGrant(random)],
    [3, () => call("LeaseRevoke", { ID: anyLease(random) })],
    [
      5,
      () =>
        call("LeaseTimeToLive", {
          ID: anyLease(random),
          ...(random.chance(0.6) ? { keys: true } : {}),
        }),
    ],
    [3, () => call("LeaseLeases", {})],
    [3, () => ({ do: "send", stream: KEEP_ALIVES, request: { ID: anyLease(random) } })],
    [1.5, () => ({ do: "open", stream: KEEP_ALIVES, path: pathOf("LeaseKeepAlive") })],
    [0.4, () => ({ do: "halfClose", stream: KEEP_ALIVES })],
  ])();
}
