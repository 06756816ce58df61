import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import {
  AlarmMember,
  AlarmResponse,
  AlarmType,
  EtcdError,
  EtcdErrors,
  RangeResponse,
} from "@kvorum/proto";
import { JsonLog } from "../env/json-log.ts";
import type { MemberPort } from "../member/ports.ts";
import { createClientHttp } from "./client-http.ts";

interface State {
  leaderId?: bigint;
  isLearner?: boolean;
  alarm?: number;
  readFails?: boolean;
}

/** The part of a member that health looks at. */
function memberIn(state: State): MemberPort {
  const alarms = state.alarm === undefined ? [] : [AlarmMember.create({ alarm: state.alarm })];
  return {
    leaderId: state.leaderId ?? 1n,
    isLearner: state.isLearner ?? false,
    alarm: () => Promise.resolve(AlarmResponse.create({ alarms })),
    range: ({ serializable }: { serializable: boolean }) =>
      state.readFails === true && !serializable
        ? Promise.reject(EtcdError.from(EtcdErrors.timeout))
        : RangeResponse.create(),
  } as unknown as MemberPort;
}

async function ask(
  state: State,
  path: string,
  method = "GET",
): Promise<{ status: number; body: string; allow: string | null }> {
  const log = new JsonLog({ clock: { wallMs: () => 0 }, level: "fatal", write: () => {} });
  const listener = createClientHttp({
    member: memberIn(state),
    clusterVersion: () => "3.7.0",
    log,
  });
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    const { status, headers } = answer;
    return { status, body: await answer.text(), allow: headers.get("allow") };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const HEALTHY = '{"health":"true","reason":""}';

test("/health answers as etcd does", async () => {
  const cases: [State, string, number, string][] = [
    [{}, "/health", 200, HEALTHY],
    [{ leaderId: 0n }, "/health", 503, '{"health":"false","reason":"RAFT NO LEADER"}\n'],
    [{ leaderId: 0n }, "/health?serializable=true", 200, HEALTHY],
    [{ alarm: AlarmType.NOSPACE }, "/health", 503, '{"health":"false","reason":"ALARM NOSPACE"}\n'],
    [{ alarm: AlarmType.NOSPACE }, "/health?exclude=NOSPACE", 200, HEALTHY],
    [
      { readFails: true },
      "/health",
      503,
      '{"health":"false","reason":"RANGE ERROR:etcdserver: request timed out"}\n',
    ],
  ];
  for (const [state, path, status, body] of cases) {
    const answer = await ask(state, path);
    assert.deepEqual([answer.status, answer.body], [status, body], path);
  }
});

test("livez and readyz name what failed, and everything when asked", async () => {
  assert.deepEqual((await ask({}, "/livez")).body, "ok\n");
  const verbose = await ask({}, "/readyz?verbose");
  assert.equal(verbose.status, 200);
  assert.match(verbose.body, /^\[\+\]data_corruption ok\n.*\[\+\]non_learner ok\nok\n$/s);
  const failed = await ask({ readFails: true }, "/readyz");
  assert.equal(failed.status, 503);
  assert.match(failed.body, /\[-\]linearizable_read failed: etcdserver: request timed out\n/);
  assert.equal((await ask({ readFails: true }, "/readyz?exclude=linearizable_read")).status, 200);
  assert.equal((await ask({ isLearner: true }, "/readyz/non_learner")).status, 503);
});

test("only GET, and only what is there", async () => {
  const posted = await ask({}, "/health", "POST");
  assert.deepEqual([posted.status, posted.allow], [405, "GET"]);
  assert.equal((await ask({}, "/nothing")).status, 404);
  assert.match((await ask({}, "/version")).body, /"etcdserver":"3\.7\.1","etcdcluster":"3\.7\.0"/);
});
