import { AlarmType, EtcdError, EtcdErrors } from "@kvorum/proto";
import type { Command } from "../command.ts";
import { CtlError, SilentExit } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { formatDuration } from "../go/duration.ts";
import type { EndpointHealth } from "../report.ts";
import type { Session } from "../session.ts";
import { clusterEndpoints } from "./cluster-endpoints.ts";
import { errorText } from "../error-text.ts";

const HEALTH_KEY = Buffer.from("health");

/** Time since `start`, a process.hrtime.bigint(), as Go prints it. */
export function tookSince(start: bigint): string {
  return formatDuration(Number(process.hrtime.bigint() - start));
}

async function activeAlarms({ client, call }: Session, endpoint: string): Promise<string> {
  try {
    const { alarms } = await call((options) =>
      client.maintenance.alarm({}, { ...options, endpoint }),
    );
    if (alarms.length === 0) return "";
    const names = alarms.map(({ alarm }) => {
      if (alarm === AlarmType.NOSPACE) return "NOSPACE ";
      return alarm === AlarmType.CORRUPT ? "CORRUPT " : "UNKNOWN ";
    });
    return `Active Alarm(s): ${names.join("")}`;
  } catch {
    return "Unable to fetch the alarm list";
  }
}

/** Whether the endpoint gets a read through the cluster. A refusal is an answer, too. */
async function healthOf(session: Session, endpoint: string): Promise<EndpointHealth> {
  const start = process.hrtime.bigint();
  let error = "";
  try {
    await session.call((options) =>
      session.client.kv.range({ key: HEALTH_KEY }, { ...options, endpoint }),
    );
  } catch (thrown) {
    const denied = thrown instanceof EtcdError && thrown.is(EtcdErrors.permissionDenied);
    if (!denied) error = errorText(thrown);
  }
  const took = tookSince(start);
  if (error === "") error = await activeAlarms(session, endpoint);
  return { endpoint, health: error === "", took, error };
}

/** Loading gRPC takes longer than many an answer; that time is not the endpoint's. */
async function warmUp({ client }: Session, endpoint: string): Promise<void> {
  await client.maintenance.status(endpoint, { timeoutMs: 1 }).catch(() => undefined);
}

export const endpointHealth: Command = async ({ session, print }) => {
  const open = await session();
  const endpoints = await clusterEndpoints(open);
  if (endpoints[0] !== undefined) await warmUp(open, endpoints[0]);
  const items: EndpointHealth[] = [];
  await Promise.all(
    endpoints.map(async (endpoint) => void items.push(await healthOf(open, endpoint))),
  );
  await print({ kind: "endpointHealth", items });
  if (items.some((item) => item.error !== "")) {
    throw new CtlError(ExitCode.error, "unhealthy cluster");
  }
  return undefined;
};

interface Answers<T> {
  readonly items: readonly { readonly endpoint: string; readonly response: T }[];
  /** The last failure. */
  readonly error: Error | undefined;
}

/** Asks one endpoint after the other; failures are told on stderr and do not stop the others. */
async function askAll<T>(
  endpoints: readonly string[],
  ask: (endpoint: string) => Promise<T>,
  tell: (endpoint: string, error: Error) => void,
): Promise<Answers<T>> {
  const items: { endpoint: string; response: T }[] = [];
  let error: Error | undefined;
  for (const endpoint of endpoints) {
    try {
      items.push({ endpoint, response: await ask(endpoint) });
    } catch (thrown) {
      error = thrown as Error;
      tell(endpoint, error);
    }
  }
  return { items, error };
}

export const endpointStatus: Command = async ({ host, session, print }) => {
  const open = await session();
  const { items, error } = await askAll(
    await clusterEndpoints(open),
    (endpoint) => open.call((options) => open.client.maintenance.status(endpoint, options)),
    (endpoint, why) =>
      host.err(`Failed to get the status of endpoint ${endpoint} (${errorText(why)})\n`),
  );
  await print({ kind: "endpointStatus", items });
  if (error !== undefined) throw new SilentExit(ExitCode.error);
  return undefined;
};

export const endpointHashKv: Command = async ({ flags, host, session, print }) => {
  const open = await session();
  const revision = flags.number("rev");
  const { items, error } = await askAll(
    await clusterEndpoints(open),
    (endpoint) =>
      open.call((options) => open.client.maintenance.hashKV(endpoint, revision, options)),
    (endpoint, why) =>
      host.err(`Failed to get the hash of endpoint ${endpoint} (${errorText(why)})\n`),
  );
  await print({ kind: "endpointHashKv", items });
  if (error !== undefined) throw error;
  return undefined;
};
