/**
 * Health of a member as etcd tells it: `/health` for load balancers, `/livez` and `/readyz` with single
 * checks for orchestrators. Every check asks the member itself; nothing is remembered.
 */
import { AlarmRequest, AlarmType, RangeRequest } from "@kvorum/proto";
import type { MemberPort } from "../member/ports.ts";

export interface HealthReport {
  readonly health: "true" | "false";
  readonly reason: string;
}

const HEALTHY: HealthReport = { health: "true", reason: "" };

function unhealthy(reason: string): HealthReport {
  return { health: "false", reason };
}

const ALARM_NAMES: Readonly<Record<number, string>> = {
  [AlarmType.NOSPACE]: "NOSPACE",
  [AlarmType.CORRUPT]: "CORRUPT",
};

async function raisedAlarms(member: MemberPort): Promise<string[]> {
  const { alarms } = await member.alarm(AlarmRequest.create());
  return alarms.map(({ alarm }) => ALARM_NAMES[alarm] ?? "UNKNOWN");
}

/** Rejects with why the read failed. */
async function read(member: MemberPort, serializable: boolean): Promise<void> {
  const key = Buffer.from("health");
  await member.range(RangeRequest.create({ key, keysOnly: true, limit: 1, serializable }));
}

/** `/health`: no alarm but excluded ones, a leader, and a read that works. */
export async function checkHealth(
  member: MemberPort,
  options: { readonly serializable: boolean; readonly excludedAlarms: readonly string[] },
): Promise<HealthReport> {
  const { serializable, excludedAlarms } = options;
  const alarm = (await raisedAlarms(member)).find((name) => !excludedAlarms.includes(name));
  if (alarm !== undefined) return unhealthy(`ALARM ${alarm}`);
  if (!serializable && member.leaderId === 0n) return unhealthy("RAFT NO LEADER");
  try {
    await read(member, serializable);
  } catch (error) {
    return unhealthy(`RANGE ERROR:${error instanceof Error ? error.message : String(error)}`);
  }
  return HEALTHY;
}

/** One named check: rejects with what is wrong. */
export type Check = (member: MemberPort) => Promise<void>;

export type Checks = Readonly<Record<string, Check>>;

async function refuseCorruption(member: MemberPort): Promise<void> {
  if ((await raisedAlarms(member)).includes("CORRUPT")) throw new Error("alarm activated: CORRUPT");
}

async function refuseLearner(member: MemberPort): Promise<void> {
  await Promise.resolve();
  if (member.isLearner) throw new Error("not supported for learner");
}

export const LIVEZ: Checks = { serializable_read: (member) => read(member, true) };

export const READYZ: Checks = {
  data_corruption: refuseCorruption,
  serializable_read: (member) => read(member, true),
  linearizable_read: (member) => read(member, false),
  non_learner: refuseLearner,
};

export interface CheckReport {
  readonly ok: boolean;
  /** A line for each check, in order: `[+]name ok` or `[-]name failed: why`. */
  readonly lines: string;
}

export async function runChecks(member: MemberPort, checks: Checks): Promise<CheckReport> {
  let ok = true;
  let lines = "";
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check(member);
      lines += `[+]${name} ok\n`;
    } catch (error) {
      ok = false;
      lines += `[-]${name} failed: ${error instanceof Error ? error.message : String(error)}\n`;
    }
  }
  return { ok, lines };
}
