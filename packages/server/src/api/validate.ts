/**
 * What is wrong with a request whatever the state of the cluster. Requests on keys are checked by the
 * member itself, with the same rules at the top level and inside transactions; here is the rest.
 */
import {
  DowngradeRequest_DowngradeAction,
  type DowngradeRequest,
  EtcdError,
  EtcdErrors,
} from "@kvorum/proto";
import { parseUrl } from "../lib/member-url.ts";
import { ValueError } from "../lib/value-error.ts";

/** The peer URLs of a member to be added, in the order etcd keeps them. Throws `EtcdError`. */
export function checkedPeerUrls(urls: readonly string[]): string[] {
  if (urls.length === 0) throw EtcdError.from(EtcdErrors.memberBadUrls);
  try {
    return urls.map((url) => parseUrl(url).text).sort();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw EtcdError.from(EtcdErrors.memberBadUrls, { cause: error });
  }
}

/** `X.Y`, or a semantic version; what follows the patch may be empty, as etcd has it. */
const VERSION =
  /^([0-9]{1,18})\.([0-9]{1,18})(?:\.[0-9]{1,18}(?:-[0-9A-Za-z.-]*)?(?:\+[0-9A-Za-z.-]*)?)?$/;

interface MinorVersion {
  readonly major: number;
  readonly minor: number;
}

function parseMinor(text: string): MinorVersion | undefined {
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]) };
}

/**
 * Checks a downgrade request against the cluster's version: only one minor down. Throws `EtcdError`.
 */
export function checkDowngrade(request: DowngradeRequest, clusterVersion: string): void {
  const { action, version } = request;
  const actions: readonly number[] = Object.values(DowngradeRequest_DowngradeAction);
  if (!actions.includes(action)) throw EtcdError.from(EtcdErrors.unknownMethod);
  if (action === DowngradeRequest_DowngradeAction.CANCEL) return;
  const target = parseMinor(version);
  if (target === undefined) throw EtcdError.from(EtcdErrors.wrongDowngradeVersionFormat);
  const cluster = parseMinor(clusterVersion);
  if (target.major !== cluster?.major || target.minor !== cluster.minor - 1) {
    throw EtcdError.from(EtcdErrors.invalidDowngradeTargetVersion);
  }
}
