import { pathOf } from "../methods.ts";
import { callCount, type Programme, type Step } from "../programme.ts";
import { Random } from "../random.ts";
import { clusterStep, disarm } from "./cluster.ts";
import { call, kvStep } from "./kv.ts";
import { leaseStep } from "./lease.ts";
import { malformedStep } from "./malformed.ts";
import { FIXED_LEASES } from "./parts.ts";
import { scene } from "./scene.ts";
import { txnStep } from "./txn.ts";
import { watchStep } from "./watch.ts";

const DEFAULT_REQUEST_BYTES_MAX = 1_572_864;
/** Every so many seeds the servers run with limits that programmes reach often. */
const SMALL_LIMITS_EVERY = 3;
const SMALL_REQUEST_BYTES_MAX = 20_000;
const RESTART_CHANCE = 0.002;
const DISARM_CHANCE = 0.03;
const SCENE_CHANCE = 0.008;

/** Streams and leases to begin with: without them most steps would come to nothing. */
function beginning(): Step[] {
  return [
    ...["w0", "w1", "w2"].map((stream): Step => ({ do: "open", stream, path: pathOf("Watch") })),
    { do: "open", stream: "k0", path: pathOf("LeaseKeepAlive") },
    ...FIXED_LEASES.map((ID) => call("LeaseGrant", { ID, TTL: 20_000 })),
    { do: "send", stream: "w0", request: { create_request: { key: "\0", range_end: "\0" } } },
  ];
}

/** The programme of a seed: the same for ever, as long as the generator is. */
export function generateProgramme(seed: number, calls: number): Programme {
  const random = new Random(seed);
  const small = seed % SMALL_LIMITS_EVERY === 0;
  const requestBytesMax = small ? SMALL_REQUEST_BYTES_MAX : DEFAULT_REQUEST_BYTES_MAX;
  const flags: Record<string, string> = small
    ? { "max-request-bytes": String(requestBytesMax), "max-txn-ops": "16" }
    : {};
  const next = (): Step[] => {
    if (random.chance(RESTART_CHANCE)) return [{ do: "restart" }];
    if (random.chance(DISARM_CHANCE)) return [disarm()];
    if (random.chance(SCENE_CHANCE)) return scene(random);
    const step = random.weighted<() => Step>([
      [50, () => kvStep(random)],
      [14, () => txnStep(random)],
      [14, () => watchStep(random)],
      [9, () => leaseStep(random)],
      [6, () => clusterStep(random)],
      [7, () => malformedStep(random, requestBytesMax)],
    ])();
    return [step];
  };
  const steps = beginning();
  while (callCount(steps) < calls) steps.push(...next());
  return { seed, flags, steps };
}
