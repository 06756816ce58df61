/**
 * What no client should send, sent by a Go program over plain gRPC: every answer must be the one
 * etcd gives. etcd's answers are recorded in `testdata/bad-requests.jsonl`; record them anew with
 *
 *     KVORUM_TEST_SERVER=etcd REWRITE=1 node --conditions=source --import tsx test/e2e/bad-requests.test.ts
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Cluster } from "../harness/cluster.ts";
import { goTools } from "../harness/go-tools.ts";
import { runCommand } from "../harness/run-command.ts";

const recorded = join(import.meta.dirname, "testdata/bad-requests.jsonl");
const tools = await goTools("badrequests");

interface Answer {
  readonly group: string;
  readonly name: string;
  readonly code: string;
  readonly text?: string;
  readonly answer?: string;
}

const parse = (lines: string): Answer[] =>
  lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Answer);

async function ask(program: string, endpoint: string, ...flags: string[]): Promise<string> {
  const asked = await runCommand(program, [...flags, "-endpoint", endpoint]);
  assert.equal(asked.code, 0, asked.stderr);
  return asked.stdout;
}

describe("requests no client should send", { skip: tools.skip }, async () => {
  if (tools.skip !== false) return;
  const cluster = await Cluster.start({ size: 1 });
  after(() => cluster.dispose());
  const member = cluster.member(0);
  const said = await ask(tools.path.badrequests, member.endpoint);
  if (process.env["REWRITE"] !== undefined && cluster.kind === "etcd") {
    writeFileSync(recorded, said);
  }
  const answers = parse(said);
  const expected = parse(readFileSync(recorded, "utf8"));

  for (const group of new Set(expected.map((one) => one.group))) {
    const of = (all: Answer[]): Answer[] => all.filter((one) => one.group === group);
    test(`${group}: the codes, the texts and the answers are etcd's`, (t) => {
      const got = of(answers);
      if (got[0]?.code === "Unimplemented" && group !== "wire") {
        t.skip("the server does not have this service yet");
        return;
      }
      assert.deepEqual(got, of(expected));
    });
  }

  const etcdDies = cluster.kind === "etcd" && "etcd itself ends on these";
  test("what ends etcd ends nothing here", { skip: etcdDies }, async () => {
    for (const answer of parse(await ask(tools.path.badrequests, member.endpoint, "-deadly"))) {
      assert.notEqual(answer.code, "Unavailable");
      assert.doesNotMatch(answer.answer ?? "", /CHANGED/);
    }
  });

  test("the server still serves", async () => {
    await cluster.clientOf(member).put("after").value("all that");
  });
});
