/**
 * How a member without a log comes to be part of a cluster: it founds a new one together with the
 * others named on its command line, or joins one that runs. Either way every member arrives at the
 * same ids; in a new cluster also at the same first log entries.
 */
import { assert } from "../lib/assert.ts";
import type { InitialMember } from "../lib/initial-cluster.ts";
import { encodeMemberChange } from "../membership/member-change.ts";
import { computeClusterId, computeMemberId, formatId, type Member } from "../membership/member.ts";
import { encodeConfChange } from "../raft/codec.ts";
import type { Entry, HardState } from "../raft/messages.ts";

/** A start that the operator has to do something about. The message is for them. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** What another member answers about the cluster it is in. */
export interface RemoteMembership {
  readonly clusterId: bigint;
  readonly members: readonly Member[];
}

export interface FoundingOptions {
  readonly name: string;
  readonly advertisePeerURLs: readonly string[];
  readonly initialCluster: readonly InitialMember[];
  readonly initialClusterState: "new" | "existing";
  readonly initialClusterToken: string;
  /** Asks the member behind a peer URL; undefined when it gives no good answer. */
  readonly fetchMembership: (
    peerURL: string,
    timeoutMs: number,
  ) => Promise<RemoteMembership | undefined>;
}

/** What the member starts its log and its peers from. */
export interface Founding {
  readonly memberId: bigint;
  readonly clusterId: bigint;
  /** Committed membership entries of a new cluster; empty when joining. */
  readonly entries: readonly Entry[];
  readonly hardState: HardState;
  /** Members to talk to before the log says who they are. */
  readonly remotes: readonly Member[];
}

const PROBE_TIMEOUT_MS = 1_000;
const JOIN_TIMEOUT_MS = 10_000;
const FOUNDING_TERM = 1;

/** Rejects with StartError. Changes nothing. */
export async function found(options: FoundingOptions): Promise<Founding> {
  const own = options.initialCluster.find((member) => member.name === options.name);
  if (own === undefined) {
    throw new StartError(
      `couldn't find local name "${options.name}" in the initial cluster configuration`,
    );
  }
  refuseDuplicateUrls(options.initialCluster);
  refuseDifferentUrls(own, options.advertisePeerURLs);
  return options.initialClusterState === "new"
    ? foundNewCluster(options, own)
    : joinCluster(options, own);
}

/** The founding of a new cluster of these members: what each of them computes by itself. */
export function newClusterFounding(
  initialCluster: readonly InitialMember[],
  token: string,
  name: string,
): Founding {
  const members = initialCluster.map(({ name: memberName, peerURLs }): Member => {
    const id = computeMemberId(peerURLs, token);
    return { id, name: memberName, peerURLs, clientURLs: [], isLearner: false };
  });
  members.sort((a, b) => (a.id < b.id ? -1 : 1));
  const own = members.find((member) => member.name === name);
  assert(own !== undefined, `no member ${name} in the initial cluster`);
  return {
    memberId: own.id,
    clusterId: computeClusterId(members.map((member) => member.id)),
    entries: members.map(foundingEntry),
    hardState: { term: FOUNDING_TERM, vote: 0n, commit: members.length },
    remotes: [],
  };
}

function foundingEntry(member: Member, position: number): Entry {
  const context = encodeMemberChange({ requestId: 0n, isPromote: false, member });
  const change = { type: "ConfChangeAddNode", nodeId: member.id, context, id: 0n } as const;
  return { term: FOUNDING_TERM, index: position + 1, ...encodeConfChange(change) };
}

async function foundNewCluster(options: FoundingOptions, own: InitialMember): Promise<Founding> {
  const { initialCluster, initialClusterToken, name } = options;
  const founding = newClusterFounding(initialCluster, initialClusterToken, name);
  const others = initialCluster.filter((member) => member !== own);
  const answers = await Promise.all(
    others.map((member) => firstAnswer(options, member.peerURLs, PROBE_TIMEOUT_MS)),
  );
  for (const answer of answers) {
    const known = answer?.members.find((member) => member.id === founding.memberId);
    if (known !== undefined && known.clientURLs.length > 0) {
      throw new StartError(`member ${formatId(founding.memberId)} has already been bootstrapped`);
    }
  }
  return founding;
}

async function joinCluster(options: FoundingOptions, own: InitialMember): Promise<Founding> {
  const others = options.initialCluster.filter((member) => member !== own);
  const urls = others.flatMap((member) => member.peerURLs);
  const remote = await firstAnswer(options, urls, JOIN_TIMEOUT_MS);
  if (remote === undefined) {
    throw new StartError(
      "cannot fetch cluster info from peer urls: " +
        "could not retrieve cluster information from the given URLs",
    );
  }
  refuseDifferentMembers(options.initialCluster, remote.members);
  const self = findByUrls(remote.members, own.peerURLs);
  assert(self !== undefined, "own peer URLs matched and yet are not found");
  return {
    memberId: self.id,
    clusterId: remote.clusterId,
    entries: [],
    hardState: { term: 0, vote: 0n, commit: 0 },
    remotes: remote.members.filter((member) => member.id !== self.id),
  };
}

/** Asks one URL after the other until one answers. */
async function firstAnswer(
  options: FoundingOptions,
  urls: readonly string[],
  timeoutMs: number,
): Promise<RemoteMembership | undefined> {
  for (const url of urls) {
    const answer = await options.fetchMembership(url, timeoutMs);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function refuseDuplicateUrls(initialCluster: readonly InitialMember[]): void {
  const urls = initialCluster.flatMap((member) => member.peerURLs);
  if (new Set(urls).size < urls.length) {
    throw new StartError(`initial cluster ${formatCluster(initialCluster)} has duplicate url`);
  }
}

function refuseDifferentUrls(own: InitialMember, advertised: readonly string[]): void {
  for (const url of own.peerURLs) {
    if (advertised.includes(url)) continue;
    throw new StartError(
      `--initial-cluster has ${own.name}=${url} but missing from ` +
        `--initial-advertise-peer-urls=${advertised.join(",")}`,
    );
  }
  for (const url of advertised) {
    if (own.peerURLs.includes(url)) continue;
    throw new StartError(
      `--initial-advertise-peer-urls has ${url} but missing from ` +
        `--initial-cluster=${own.peerURLs.map((known) => `${own.name}=${known}`).join(",")}`,
    );
  }
}

function refuseDifferentMembers(local: readonly InitialMember[], remote: readonly Member[]): void {
  const prefix = "error validating peerURLs";
  if (local.length !== remote.length) {
    throw new StartError(`${prefix} ${formatCluster(local)}: member count is unequal`);
  }
  for (const member of remote) {
    if (local.some(({ peerURLs }) => sameUrls(peerURLs, member.peerURLs))) continue;
    throw new StartError(
      `${prefix} ${formatCluster(local)}: PeerURLs: no match found for existing member ` +
        `(${formatId(member.id)}, [${member.peerURLs.join(" ")}])`,
    );
  }
}

function findByUrls(members: readonly Member[], urls: readonly string[]): Member | undefined {
  return members.find((member) => sameUrls(member.peerURLs, urls));
}

function sameUrls(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join(",") === [...b].sort().join(",");
}

function formatCluster(members: readonly InitialMember[]): string {
  return members
    .flatMap(({ name, peerURLs }) => peerURLs.map((url) => `${name}=${url}`))
    .sort()
    .join(",");
}
