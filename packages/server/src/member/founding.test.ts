import assert from "node:assert/strict";
import { test } from "node:test";
import { computeMemberId, type Member } from "../membership/member.ts";
import { found, type FoundingOptions, type RemoteMembership, StartError } from "./founding.ts";

const cluster = ["a", "b", "c"].map((name) => ({ name, peerURLs: [`http://${name}:2380`] }));

function options(overrides: Partial<FoundingOptions>): FoundingOptions {
  return {
    name: "a",
    advertisePeerURLs: ["http://a:2380"],
    initialCluster: cluster,
    initialClusterState: "new",
    initialClusterToken: "token",
    fetchMembership: () => Promise.resolve(undefined),
    ...overrides,
  };
}

function known(name: string, clientURLs: string[] = []): Member {
  const peerURLs = [`http://${name}:2380`];
  return { id: computeMemberId(peerURLs, "token"), name, peerURLs, clientURLs, isLearner: false };
}

/** Answers for some URLs. */
function answering(members: Member[], at: readonly string[]): FoundingOptions["fetchMembership"] {
  const answer: RemoteMembership = { clusterId: 7n, members };
  return (url) => Promise.resolve(at.includes(url) ? answer : undefined);
}

const refuses = (overrides: Partial<FoundingOptions>, message: RegExp): Promise<void> =>
  assert.rejects(found(options(overrides)), (error) => {
    assert.ok(error instanceof StartError);
    assert.match(error.message, message);
    return true;
  });

test("every member of a new cluster comes to the same log and ids", async () => {
  const all = await Promise.all(
    cluster.map(({ name, peerURLs }) => found(options({ name, advertisePeerURLs: peerURLs }))),
  );
  const [first, ...others] = all;
  for (const other of others) {
    assert.deepEqual(other.entries, first!.entries);
    assert.equal(other.clusterId, first!.clusterId);
  }
  assert.equal(new Set(all.map(({ memberId }) => memberId)).size, 3);
  assert.deepEqual(
    first!.entries.map(({ index }) => index),
    [1, 2, 3],
  );
  assert.deepEqual(first!.hardState, { term: 1, vote: 0n, commit: 3 });
});

test("a member that has lost its disk does not found its cluster a second time", async () => {
  const started = known("a", ["http://a:2379"]);
  await refuses(
    { fetchMembership: answering([started], ["http://c:2380"]) },
    /has already been bootstrapped/,
  );
  const neverStarted = answering([known("a")], ["http://c:2380"]);
  await found(options({ fetchMembership: neverStarted }));
});

test("joining takes over ids from whoever answers, if all agree on the members", async () => {
  const members = ["a", "b", "c"].map((name) => known(name));
  const fetchMembership = answering(members, ["http://c:2380"]);
  const joined = await found(options({ initialClusterState: "existing", fetchMembership }));
  assert.equal(joined.memberId, members[0]!.id);
  assert.equal(joined.clusterId, 7n);
  assert.deepEqual(joined.entries, []);
  assert.deepEqual(
    joined.remotes.map(({ name }) => name),
    ["b", "c"],
  );
});

test("what does not fit together is the operator's to mend", async () => {
  const existing = { initialClusterState: "existing" } as const;
  await refuses({ name: "x" }, /couldn't find local name "x"/);
  await refuses({ initialCluster: [...cluster, { ...cluster[0]!, name: "d" }] }, /duplicate url/);
  await refuses(
    { advertisePeerURLs: ["http://z:1"] },
    /missing from --initial-advertise-peer-urls/,
  );
  await refuses(
    { advertisePeerURLs: ["http://a:2380", "http://z:1"] },
    /missing from --initial-cluster/,
  );
  await refuses(existing, /cannot fetch cluster info/);
  const two = answering([known("a"), known("b")], ["http://b:2380"]);
  await refuses({ ...existing, fetchMembership: two }, /member count is unequal/);
  const other = answering([known("a"), known("b"), known("z")], ["http://b:2380"]);
  await refuses({ ...existing, fetchMembership: other }, /no match found for existing member/);
});
