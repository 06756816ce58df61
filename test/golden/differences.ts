/**
 * Invocations that kvorumctl, or Kvorum, answers differently on purpose: what it says instead, and
 * why. The reasons are in docs/compatibility.md, "Command line differences" and "Deliberate
 * differences".
 */
import type { Column } from "./session.ts";

export interface Difference {
  readonly scenario: string;
  /** The title of the entry. */
  readonly title: string;
  /** Whose difference it is. */
  readonly of: "kvorumctl" | "kvorum";
  /** What it says, as the recorded files have it. */
  readonly says: string;
}

const GTE = 'txn <<< "mod(\\"foo\\") >= \\"1\\"\\n\\nget yes\\n\\nget no\\n\\n"';

export const DIFFERENCES: readonly Difference[] = [
  {
    scenario: "txn",
    title: `$ ${GTE}`,
    of: "kvorumctl",
    says: "! Error: Unknown result op\nexit 2\n",
  },
  {
    scenario: "lease",
    title: "$ lease revoke {fifth} -w protobuf",
    of: "kvorumctl",
    says: "| 1: {1: {clusterDec} 2: {memberDec} 3: 6 4: <n>}\n",
  },
  {
    scenario: "concurrency",
    title: "$ lease list",
    of: "kvorumctl",
    says: "| found 0 leases\n",
  },
  ...[
    "$ ETCDCTL_ENDPOINTS={endpoint} ETCDCTL_MAX_REQUEST_BYTES=5 put a 1234567890",
    "$ put a 1234567890 --endpoints={endpoint} --max-request-bytes=5",
  ].map(
    (title) =>
      ({
        scenario: "environment",
        title,
        of: "kvorumctl",
        says: "! Error: rpc error: code = ResourceExhausted desc = trying to send message larger than max (5)\nexit 1\n",
      }) as const,
  ),
  {
    scenario: "unreachable",
    title: "$ get a --endpoints=ftp://{endpoint} --command-timeout=300ms",
    of: "kvorumctl",
    says: "",
  },
];

/** What an entry says in a column where it is meant to say something else. */
export function deliberate(
  scenario: string,
  title: string,
  { ctl, server }: Column,
): string | undefined {
  return DIFFERENCES.find(
    (one) =>
      one.scenario === scenario && one.title === title && (one.of === ctl || one.of === server),
  )?.says;
}
