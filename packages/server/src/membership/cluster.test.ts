import assert from "node:assert/strict";
import { test } from "node:test";
import { EtcdError, EtcdErrors } from "@kvorum/proto";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { nodeClock } from "../env/node-env.ts";
import type { Backend } from "../storage/backend.ts";
import { MemoryEngines } from "../storage/memory.ts";
import { openBackend } from "../storage/open-backend.ts";
import { Cluster, type MemberChangeKind } from "./cluster.ts";
import { decodeMemberChange, encodeMemberChange, type MemberChange } from "./member-change.ts";
import { decodeMember, decodeMembers, encodeMember } from "./member-codec.ts";
import { computeClusterId, computeMemberId, formatId, type Member } from "./member.ts";

async function emptyBackend(): Promise<Backend> {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  await fs.mkdir("store", 0o700);
  return openBackend(await new MemoryEngines(fs).open("store"));
}

function memberOf(id: bigint, isLearner = false): Member {
  return { id, name: "", peerURLs: [`http://m${id}:2380`], clientURLs: [], isLearner };
}

function change(member: Member, isPromote = false): MemberChange {
  return { requestId: 1n, isPromote, member };
}

const is = (status: (typeof EtcdErrors)[keyof typeof EtcdErrors]) => (error: unknown) =>
  error instanceof EtcdError && error.is(status);

const LEARNERS_MAX = 1;

async function setUp(): Promise<{ cluster: Cluster; backend: Backend }> {
  const backend = await emptyBackend();
  const cluster = await Cluster.load(backend);
  for (const id of [2n, 1n, 0xffffffffffffffffn]) cluster.apply("add", change(memberOf(id)));
  return { cluster, backend };
}

test("what may not be is refused before and while it is applied", async () => {
  const { cluster } = await setUp();
  const refused = (kind: MemberChangeKind, asked: MemberChange, why: (error: unknown) => boolean) =>
    assert.throws(() => cluster.validate(kind, asked, LEARNERS_MAX), why);
  refused("add", change(memberOf(2n)), is(EtcdErrors.memberExists));
  refused(
    "add",
    change({ ...memberOf(3n), peerURLs: ["http://m1:2380"] }),
    is(EtcdErrors.peerUrlExists),
  );
  refused(
    "update",
    change({ ...memberOf(2n), peerURLs: ["http://m1:2380"] }),
    is(EtcdErrors.peerUrlExists),
  );
  cluster.validate("update", change(memberOf(2n)), LEARNERS_MAX);
  refused("remove", change(memberOf(3n)), is(EtcdErrors.memberNotFound));
  refused("update", change(memberOf(3n)), is(EtcdErrors.memberNotFound));
  refused("add", change(memberOf(3n), true), is(EtcdErrors.memberNotFound));
  refused("add", change(memberOf(2n), true), is(EtcdErrors.memberNotLearner));
  cluster.apply("add", change(memberOf(3n, true)));
  refused("add", change(memberOf(4n, true)), is(EtcdErrors.tooManyLearners));
  cluster.validate("add", change(memberOf(3n, true), true), LEARNERS_MAX);
  cluster.apply("remove", change(memberOf(3n)));
  refused("add", change(memberOf(3n)), is(EtcdErrors.memberNotFound));
});

test("changes, names and the version are there after a restart, the removed ones too", async () => {
  const { cluster, backend } = await setUp();
  cluster.apply("add", change(memberOf(5n, true)));
  cluster.setAttributes(5n, "five", ["http://five:2379"]);
  cluster.setAttributes(99n, "nobody", []);
  cluster.apply("add", change({ ...memberOf(5n), name: "not this" }, true));
  cluster.apply("update", change({ ...memberOf(2n), name: "nor this", peerURLs: ["http://b:1"] }));
  cluster.apply("remove", change(memberOf(1n)));
  cluster.setVersion("3.7.0");
  await backend.checkpoint(() => ({ index: 1, term: 1, confState: Buffer.alloc(0) }));
  const again = await Cluster.load(backend);
  assert.deepEqual(again.members(), cluster.members());
  assert.deepEqual(again.member(5n), {
    ...memberOf(5n),
    name: "five",
    clientURLs: ["http://five:2379"],
  });
  assert.deepEqual(again.member(2n)?.peerURLs, ["http://b:1"]);
  assert.equal(again.member(2n)?.name, "");
  assert.deepEqual(
    [again.isRemoved(1n), again.isRemoved(2n), again.version],
    [true, false, "3.7.0"],
  );
  await backend.close();
});

test("records keep ids that no double can, whatever the names contain", () => {
  const tricky: Member = {
    id: 0xfffffffffffffffdn,
    name: 'a"},{"id":12,"name":"',
    peerURLs: ["http://x:1", 'http://"id":7'],
    clientURLs: ["http://c"],
    isLearner: true,
  };
  assert.deepEqual(decodeMember(encodeMember(tricky)), tricky);
  assert.deepEqual(decodeMembers(`[${encodeMember(tricky)},${encodeMember(memberOf(1n))}]`), [
    tricky,
    memberOf(1n),
  ]);
  const promoted = change(tricky, true);
  assert.deepEqual(decodeMemberChange(encodeMemberChange(promoted)), promoted);
  for (const text of ["", "null", "[]", "{}", '{"id":"x"}', "{"]) {
    assert.throws(() => decodeMember(text), SyntaxError, text);
  }
  assert.throws(() => decodeMembers("{}"), SyntaxError);
  assert.throws(() => decodeMemberChange(Buffer.from("1,2,{}")), SyntaxError);
});

test("ids are etcd's", () => {
  // As etcd 3.7.1 prints them for this cluster.
  const id = computeMemberId(["http://localhost:2380"], "etcd-cluster");
  assert.equal(formatId(id), "8e9e05c52164694d");
  assert.equal(formatId(computeClusterId([id])), "cdf818194e3a8c32");
  assert.notEqual(computeMemberId(["http://a"], "", 1), computeMemberId(["http://a"], "", 2));
});
