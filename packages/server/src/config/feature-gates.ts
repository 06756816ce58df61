/** Server feature gates: names, defaults and the `A=true,B=false` syntax of `--feature-gates`. */
import { quote, ValueError } from "../lib/value-error.ts";
import { parseGoBool } from "./go-values.ts";

type Stage = "ALPHA" | "BETA";

interface GateSpec {
  readonly enabled: boolean;
  readonly stage: Stage;
}

const GATES: Readonly<Record<string, GateSpec>> = {
  CompactHashCheck: { enabled: false, stage: "ALPHA" },
  FastLeaseKeepAlive: { enabled: true, stage: "BETA" },
  InitialCorruptCheck: { enabled: false, stage: "ALPHA" },
  LeaseCheckpoint: { enabled: false, stage: "ALPHA" },
  LeaseCheckpointPersist: { enabled: false, stage: "ALPHA" },
  PriorityRequest: { enabled: false, stage: "ALPHA" },
  SetMemberLocalAddr: { enabled: false, stage: "ALPHA" },
  StopGRPCServiceOnDefrag: { enabled: false, stage: "ALPHA" },
  TxnModeWriteWithSharedBuffer: { enabled: true, stage: "BETA" },
};

const META_GATES: Readonly<Record<string, Stage>> = { AllAlpha: "ALPHA", AllBeta: "BETA" };

/** Gates whose both settings this server honours, if only because it needs no such choice. */
const SETTABLE: ReadonlySet<string> = new Set([
  "TxnModeWriteWithSharedBuffer",
  "FastLeaseKeepAlive",
]);

/** Every gate's setting, by name. */
export type FeatureGates = ReadonlyMap<string, boolean>;

function parseGateList(text: string): Map<string, boolean> {
  const given = new Map<string, boolean>();
  for (const item of text.split(",")) {
    if (item === "") continue;
    const equals = item.indexOf("=");
    const name = (equals < 0 ? item : item.slice(0, equals)).trim();
    if (equals < 0) throw new ValueError(`missing bool value for ${name}`);
    const word = item.slice(equals + 1).trim();
    const value = parseGoBool(word);
    if (value === undefined) {
      const reason = `strconv.ParseBool: parsing ${quote(word)}: invalid syntax`;
      throw new ValueError(`invalid value of ${name}=${word}, err: ${reason}`);
    }
    given.set(name, value);
  }
  return given;
}

/** Throws `ValueError` for an unknown gate or a value that is no boolean. */
export function parseFeatureGates(text: string): FeatureGates {
  const given = parseGateList(text);
  for (const name of given.keys()) {
    if (!(name in GATES) && !(name in META_GATES)) {
      throw new ValueError(`unrecognized feature gate: ${name}`);
    }
  }
  const gates = new Map<string, boolean>();
  for (const [name, spec] of Object.entries(GATES)) {
    const meta = Object.keys(META_GATES).find((key) => META_GATES[key] === spec.stage) ?? "";
    gates.set(name, given.get(name) ?? given.get(meta) ?? spec.enabled);
  }
  return gates;
}

/** Gates that are away from their default and that this server does not implement. */
export function unsupportedGates(gates: FeatureGates): string[] {
  return [...gates]
    .filter(([name, enabled]) => enabled !== GATES[name]?.enabled && !SETTABLE.has(name))
    .map(([name]) => name)
    .sort();
}

/** One line a gate, for the help text. */
export function describeGates(): string[] {
  return Object.entries(GATES).map(
    ([name, spec]) => `${name}=true|false (${spec.stage} - default=${spec.enabled})`,
  );
}
