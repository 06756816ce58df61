/** What the checks share: models of load, and the state they leave a cluster in. */
import { CompactionRequest, DeleteRangeRequest, RangeRequest } from "@kvorum/proto";
import type { Client } from "@kvorum/proto/client";
import type { CommandContext } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { quote } from "../go/quote.ts";
import { withPrefix } from "../key-range.ts";

export type LoadModel = "s" | "m" | "l" | "xl";

const MODELS: Readonly<Record<string, LoadModel>> = {
  s: "s",
  small: "s",
  m: "m",
  medium: "m",
  l: "l",
  large: "l",
  xl: "xl",
  xLarge: "xl",
};

const TIDY_TIMEOUT_MS = 30_000;

export function loadModel(name: string): LoadModel {
  const model = Object.hasOwn(MODELS, name) ? MODELS[name] : undefined;
  if (model !== undefined) return model;
  throw new CtlError(ExitCode.badFeature, `unknown load option ${name}`);
}

/** Keys that are there already would be deleted at the end. `command`: how to delete them first. */
export async function refuseLeftovers(
  client: Client,
  prefix: string,
  command: string,
): Promise<void> {
  const request = RangeRequest.create({ ...withPrefix(prefix), limit: 1 });
  const { kvs } = await client.kv.range(request);
  if (kvs.length === 0) return;
  const text = `prefix ${quote(prefix)} has keys. Delete with ${command} first`;
  throw new CtlError(ExitCode.invalidInput, text);
}

export function deleteKeys(client: Client, prefix: string): Promise<number> {
  return client.kv
    .deleteRange(DeleteRangeRequest.create(withPrefix(prefix)), { timeoutMs: TIDY_TIMEOUT_MS })
    .then(({ header }) => header?.revision ?? 0);
}

export async function compactAt(
  { host }: CommandContext,
  client: Client,
  revision: number,
): Promise<void> {
  host.out(`Compacting with revision ${revision}\n`);
  const request = CompactionRequest.create({ revision, physical: true });
  await client.kv.compact(request, { timeoutMs: TIDY_TIMEOUT_MS });
  host.out(`Compacted with revision ${revision}\n`);
}

export async function defragmentAll(
  { host, session }: CommandContext,
  client: Client,
): Promise<void> {
  for (const endpoint of (await session()).endpoints) {
    host.out(`Defragmenting ${quote(endpoint)}\n`);
    await client.maintenance.defragment(endpoint, { timeoutMs: TIDY_TIMEOUT_MS });
    host.out(`Defragmented ${quote(endpoint)}\n`);
  }
}

/** Prints what went wrong; whether anything did. */
export function tellErrors({ host }: CommandContext, errors: ReadonlyMap<string, number>): boolean {
  if (errors.size === 0) return false;
  host.out("FAIL: too many errors\n");
  for (const [text, count] of errors) host.out(`FAIL: ERROR(${text}) -> ${count}\n`);
  return true;
}
