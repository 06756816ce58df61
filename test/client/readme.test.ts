/** The examples of the library's README, run as they stand. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Cluster } from "../harness/cluster.ts";
import { runCommand } from "../harness/run-command.ts";

const root = join(import.meta.dirname, "../..");
const readme = readFileSync(join(root, "packages/proto/README.md"), "utf8");
const examples = [...readme.matchAll(/^### (.*)\n(?:(?!^#).*\n)*?```js\n([\s\S]*?)^```/gm)];

const OUTPUTS: Readonly<Record<string, string>> = {
  "Keys and values": "wash\n2 [ 'jobs/1', 'jobs/2' ]\n",
  Transactions: "mine\n1\n",
  Watching: "seen/1 a\n",
  "Sessions, locks, elections": "host-a\n",
  Namespaces: "1\n",
};

describe("the examples of the README", () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await Cluster.start({ size: 1 });
  });
  after(() => cluster.dispose());

  test("are all known here", () => {
    assert.deepEqual(
      examples.map(([, title]) => title),
      Object.keys(OUTPUTS),
    );
  });

  for (const [, title = "", code = ""] of examples) {
    test(title, async () => {
      const input = code.replaceAll("127.0.0.1:2379", cluster.member(0).endpoint);
      const flags = ["--conditions=source", "--import", "tsx", "--input-type=module"];
      const result = await runCommand(process.execPath, flags, { cwd: root, input });
      assert.deepEqual(
        [result.code, result.stdout, result.stderr],
        [0, OUTPUTS[title], ""],
        result.stderr,
      );
    });
  }
});
