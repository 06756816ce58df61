import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Session } from "../session.ts";
import { errorText } from "../error-text.ts";

/** The endpoints to visit: those given, or with `--cluster` the client URLs of all members. */
export async function clusterEndpoints({
  client,
  call,
  endpoints,
  flags,
}: Session): Promise<readonly string[]> {
  if (!flags.bool("cluster")) return endpoints;
  try {
    const { members } = await call((options) => client.cluster.memberList(options));
    return members.flatMap((member) => member.clientURLs);
  } catch (error) {
    const why = errorText(error);
    throw new CtlError(
      ExitCode.error,
      `failed to fetch endpoints from etcd cluster member list: ${why}`,
      { cause: error },
    );
  }
}
