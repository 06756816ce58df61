import { PutRequest } from "@kvorum/proto";
import type { Command } from "../command.ts";
import { fromBytes, toBytes } from "../go/byte-string.ts";
import { parseInt64 } from "../go/strconv.ts";
import type { FlagValues } from "../grammar/flag-values.ts";
import { badArguments, parsedOr } from "./arguments.ts";

const NEEDS = "put command needs 1 argument and input from stdin or 2 arguments";

/**
 * The request of `put`, on the command line or in a transaction. `input` is read for the value when
 * there is no argument for it.
 */
export async function putRequest(
  args: readonly string[],
  flags: FlagValues,
  input: () => Promise<Uint8Array>,
): Promise<PutRequest> {
  const [key, argument] = args;
  if (key === undefined) throw badArguments(NEEDS);
  const ignoreValue = flags.bool("ignore-value");
  if (ignoreValue && args.length > 1) {
    throw badArguments("put command needs only 1 argument when 'ignore-value' is set");
  }
  let value = argument;
  if (value === undefined && !ignoreValue) {
    value = fromBytes(await input());
    if (value === "") throw badArguments(NEEDS);
  }
  const lease = parseInt64(flags.string("lease"), 16);
  return PutRequest.create({
    key: toBytes(key),
    value: toBytes(value ?? ""),
    lease: parsedOr(lease, "bad lease ID (%s), expecting ID in Hex"),
    prevKv: flags.bool("prev-kv"),
    ignoreValue,
    ignoreLease: flags.bool("ignore-lease"),
  });
}

export const put: Command = async ({ args, flags, host, session }) => {
  const input = async (): Promise<Uint8Array> => {
    const { readAll } = await import("../stdin-lines.ts");
    return readAll(host.stdin);
  };
  const request = await putRequest(args, flags, input);
  const { client, call } = await session();
  return { kind: "put", response: await call((options) => client.kv.put(request, options)) };
};
