import type { Command } from "../command.ts";
import { SilentExit } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { clusterEndpoints } from "./cluster-endpoints.ts";
import { tookSince } from "./endpoint.ts";
import { errorText } from "../error-text.ts";

export const defrag: Command = async ({ host, session }) => {
  const open = await session();
  let failures = 0;
  for (const endpoint of await clusterEndpoints(open)) {
    const start = process.hrtime.bigint();
    try {
      await open.call((options) => open.client.maintenance.defragment(endpoint, options));
      host.out(`Finished defragmenting etcd member[${endpoint}]. took ${tookSince(start)}\n`);
    } catch (error) {
      failures++;
      const why = `took ${tookSince(start)}. (${errorText(error)})`;
      host.err(`Failed to defragment etcd member[${endpoint}]. ${why}\n`);
    }
  }
  if (failures > 0) throw new SilentExit(ExitCode.error);
  return undefined;
};
