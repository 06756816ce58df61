import { pathOf } from "../methods.ts";
import type { CallStep, Step } from "../programme.ts";
import type { Random } from "../random.ts";
import type { Fields, Value } from "../value.ts";
import { call } from "./kv.ts";
import { extreme } from "./parts.ts";

/**
 * A request that adds a voter would leave the only member without a quorum, and one that removes it
 * ends it: neither is ever sent.
 */
function memberChange(random: Random): CallStep {
  const unknown = (): Value => (random.chance(0.3) ? extreme(random) : random.pick([0, 99]));
  const bad = random.pick<Value>([
    [],
    [""],
    ["http://a"],
    ["ftp://a:1"],
    ["http://a:1/x"],
    ["a:1"],
    ["http://127.0.0.1:1", "http://"],
    ["<peer url>"],
  ]);
  return random.weighted<() => CallStep>([
    [3, () => call("MemberAdd", { peerURLs: bad, isLearner: random.chance(0.5) })],
    [
      1,
      () =>
        call("MemberAdd", {
          peerURLs: [`http://127.0.0.1:${1 + random.below(2)}`],
          isLearner: true,
        }),
    ],
    [
      2,
      () =>
        call("MemberRemove", { ID: random.chance(0.4) ? { $added: random.below(2) } : unknown() }),
    ],
    [
      1,
      () =>
        call("MemberPromote", { ID: random.pick<Value>([{ $member: true }, { $added: 0 }, 99]) }),
    ],
    [1, () => call("MemberUpdate", { ID: unknown(), peerURLs: ["http://127.0.0.1:3"] })],
    [0.5, () => call("MemberUpdate", { ID: { $member: true }, peerURLs: ["<peer url>"] })],
  ])();
}

function alarm(random: Random): CallStep {
  const memberID = random.weighted<Value>([
    [3, { $member: true }],
    [1, 0],
    [1, 99],
  ]);
  const kind = random.pick([0, 1, 1, 2, 2]);
  return random.weighted<() => CallStep>([
    [2, () => call("Alarm", { action: 0, memberID, alarm: random.chance(0.5) ? 0 : kind })],
    [1, () => call("Alarm", { action: 1, memberID, alarm: kind })],
    [3, () => call("Alarm", { action: 2, memberID, alarm: kind })],
  ])();
}

/** Alarms refuse writes, so they are mostly taken back soon. */
function alarmAndBack(random: Random): Step {
  const raised: Fields = { memberID: { $member: true }, alarm: random.pick([1, 2]) };
  const between = [
    call("Put", { key: "a", value: "x" }),
    call("DeleteRange", { key: "a" }),
    call("Txn", { success: [{ request_put: { key: "a" } }] }),
    call("Txn", {
      failure: [{ request_put: { key: "a" } }],
      success: [{ request_range: { key: "a" } }],
    }),
    call("Txn", { success: [{ request_delete_range: { key: "b" } }] }),
    call("Range", { key: "a" }),
    call("Range", { key: "a", serializable: true }),
    call("LeaseGrant", { TTL: 4_000, ID: 7 }),
    call("LeaseRevoke", { ID: 8 }),
    call("Compact", { revision: { $rev: -3 } }),
    call("Status", {}),
    call("Alarm", {}),
    call("HashKV", {}),
    call("LeaseTimeToLive", { ID: 7 }),
    call("MemberList", { linearizable: true }),
  ];
  return {
    do: "together",
    steps: [
      call("Alarm", { action: 1, ...raised }),
      ...random.list(4, () => random.pick(between)),
      call("Alarm", { action: 2, ...raised }),
    ],
  };
}

function maintenance(random: Random): Step {
  const version = random.pick([
    "3.6.0",
    "3.6",
    "3.5.0",
    "3.7.0",
    "3.7",
    "4.0.0",
    "x",
    "",
    "v3.6.0",
    "3.6.0-rc.1",
    "3",
  ]);
  return random.weighted<() => Step>([
    [3, () => call("Status", {})],
    [1, () => call("Hash", {})],
    [0.7, () => call("Defragment", {})],
    [0.5, () => call("Snapshot", {})],
    [
      1,
      () =>
        call("MoveLeader", {
          targetID: random.pick<Value>([0, 99, { $added: 0 }, { $member: true }]),
        }),
    ],
    [1, () => call("Downgrade", { action: 0, version })],
    [0.3, () => call("Downgrade", { action: 2 })],
    [0.3, () => call("Downgrade", { action: 7, version })],
    [0.5, () => call("Check", { service: random.pick(["", "x"]) })],
  ])();
}

function authentication(random: Random): CallStep {
  const name = random.pick([
    "AuthStatus",
    "AuthDisable",
    "AuthEnable",
    "UserList",
    "RoleList",
    "Authenticate",
    "UserGet",
    "RoleGet",
  ]);
  return call(name, {});
}

function concurrency(random: Random): CallStep {
  return random.pick([
    call("Leader", { name: "nobody" }),
    call("Proclaim", {}),
    call("Resign", {}),
    call("Unlock", { key: "never locked" }),
  ]);
}

export function clusterStep(random: Random): Step {
  return random.weighted<() => Step>([
    [3, () => call("MemberList", random.chance(0.5) ? { linearizable: true } : {})],
    [4, () => memberChange(random)],
    [1.5, () => alarm(random)],
    [1.5, () => alarmAndBack(random)],
    [6, () => maintenance(random)],
    [1, () => authentication(random)],
    [0.5, () => concurrency(random)],
  ])();
}

/** Takes back every alarm, whoever raised it. */
export function disarm(): Step {
  const memberID: Value = { $member: true };
  const raised = [1, 2].flatMap((alarm) =>
    [memberID, 0, 99].map((id) => ({ memberID: id, alarm })),
  );
  return {
    do: "together",
    steps: raised.map((one) => ({
      do: "call",
      path: pathOf("Alarm"),
      request: { action: 2, ...one },
    })),
  };
}
