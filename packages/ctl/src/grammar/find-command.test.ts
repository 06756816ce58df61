import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOT } from "../commands/tree/root.ts";
import { pathName } from "./command-spec.ts";
import { editDistance } from "./edit-distance.ts";
import { findCommand } from "./find-command.ts";

const found: readonly (readonly [string, string, string])[] = [
  ["get a", "kvorumctl get", "a"],
  ["--endpoints x get a", "kvorumctl get", "--endpoints x a"],
  ["--endpoints=x get a", "kvorumctl get", "--endpoints=x a"],
  ["--hex get a", "kvorumctl get", "--hex a"],
  ["-w json get a", "kvorumctl get", "-w json a"],
  ["--unknown get put a", "kvorumctl put", "--unknown get a"],
  ["pu a b", "kvorumctl put", "a b"],
  ["compact 5", "kvorumctl compaction", "5"],
  ["mem li", "kvorumctl member list", ""],
  ["member l", "kvorumctl member list", ""],
  ["lease nosuch", "kvorumctl lease", "nosuch"],
  ["-- get a", "kvorumctl", "-- get a"],
  ["get get", "kvorumctl get", "get"],
  ["", "kvorumctl", ""],
];

for (const [line, path, args] of found) {
  test(`"${line}" is ${path}`, () => {
    const result = findCommand(
      ROOT,
      line.split(" ").filter((word) => word !== ""),
    );
    assert.equal(result.error, undefined);
    assert.equal(pathName(result.path), path);
    assert.equal(result.args.join(" "), args);
  });
}

test("an abbreviation that etcdctl understands means the same here", () => {
  assert.equal(pathName(findCommand(ROOT, ["snapshot", "s"]).path), "kvorumctl snapshot save");
  assert.equal(pathName(findCommand(ROOT, ["snapshot", "st"]).path), "kvorumctl snapshot status");
});

test("a typo is answered with what may have been meant", () => {
  assert.equal(
    findCommand(ROOT, ["gett"]).error,
    'unknown command "gett" for "kvorumctl"\n\nDid you mean this?\n\tget\n',
  );
  // Neither help, which is as near, nor what etcdctl does not have.
  assert.equal(
    findCommand(ROOT, ["dele"]).error,
    'unknown command "dele" for "kvorumctl"\n\nDid you mean this?\n\tdel\n\trole\n',
  );
  assert.equal(findCommand(ROOT, ["hashk"]).error, undefined);
  assert.equal(findCommand(ROOT, ["hasskv"]).error, 'unknown command "hasskv" for "kvorumctl"');
  assert.equal(findCommand(ROOT, ["nonsense"]).error, 'unknown command "nonsense" for "kvorumctl"');
});

test("the distance of words", () => {
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("same", "same"), 0);
});
