/** The quorum vectors of etcd's raft, with the cross-checks that go with them. */
import assert from "node:assert/strict";
import type { NodeId } from "../messages.ts";
import { value, values } from "../testing/command-args.ts";
import { type ScriptCommand, testScripts } from "../testing/datadriven.ts";
import { describeAcked, describeIndex } from "../testing/describe-quorum.ts";
import { type JointConfig, jointCommittedIndex, jointIds, jointVoteResult } from "./joint.ts";
import { type AckedIndexer, majorityCommittedIndex, majorityVoteResult } from "./majority.ts";

testScripts("quorum", "quorum/testdata", () => handle);

function handle(command: ScriptCommand): string {
  switch (command.name) {
    case "committed":
      return committed(command);
    case "vote":
      return vote(command);
    default:
      throw new Error(`${command.position}: unknown command`);
  }
}

function configOf(command: ScriptCommand): JointConfig {
  const ids = (key: string): Set<NodeId> =>
    new Set(
      values(command, key)
        .filter((text) => text !== "zero")
        .map(BigInt),
    );
  return { incoming: ids("cfg"), outgoing: ids("cfgj") };
}

function isJoint(command: ScriptCommand): boolean {
  return value(command, "cfgj") !== undefined;
}

/** Values stand in the order in which voters are first named; an underscore is none. */
function byVoter<T>(
  command: ScriptCommand,
  key: string,
  parse: (text: string) => T,
): Map<NodeId, T> {
  const config = configOf(command);
  const order = new Set([...config.incoming, ...config.outgoing]);
  const texts = values(command, key);
  assert.equal(texts.length, order.size, `${command.position}: a value for each voter`);
  const result = new Map<NodeId, T>();
  [...order].forEach((id, at) => {
    if (texts[at] !== "_") {
      result.set(id, parse(texts[at]!));
    }
  });
  return result;
}

function indexer(acked: ReadonlyMap<NodeId, number>): AckedIndexer {
  return { ackedIndex: (id) => acked.get(id) };
}

function committed(command: ScriptCommand): string {
  const { incoming, outgoing } = configOf(command);
  const acked = byVoter(command, "idx", Number);
  const index = isJoint(command)
    ? jointCommittedIndex({ incoming, outgoing }, indexer(acked))
    : majorityCommittedIndex(incoming, indexer(acked));
  const swapped = { incoming: outgoing, outgoing: incoming };
  assert.equal(jointCommittedIndex(swapped, indexer(acked)), index, "halves are symmetric");
  if (!isJoint(command)) {
    const twice = { incoming, outgoing: incoming };
    assert.equal(jointCommittedIndex(twice, indexer(acked)), index, "joint with itself");
    assertLaggardsDoNotMatter(incoming, acked, index);
  }
  const voters = new Set(jointIds({ incoming, outgoing }));
  return `${describeAcked(voters, acked)}${describeIndex(index)}\n`;
}

/** Whoever is below the committed index may as well be lower still. */
function assertLaggardsDoNotMatter(
  voters: ReadonlySet<NodeId>,
  acked: ReadonlyMap<NodeId, number>,
  index: number,
): void {
  for (const [id, known] of acked) {
    if (known < index) {
      for (const lower of [known - 1, 0]) {
        const changed = new Map(acked).set(id, lower);
        assert.equal(majorityCommittedIndex(voters, indexer(changed)), index);
      }
    }
  }
}

function vote(command: ScriptCommand): string {
  const { incoming, outgoing } = configOf(command);
  const votes = byVoter(command, "votes", (text) => text === "y");
  const result = isJoint(command)
    ? jointVoteResult({ incoming, outgoing }, votes)
    : majorityVoteResult(incoming, votes);
  const swapped = { incoming: outgoing, outgoing: incoming };
  assert.equal(jointVoteResult(swapped, votes), result, "halves are symmetric");
  return `${result}\n`;
}
