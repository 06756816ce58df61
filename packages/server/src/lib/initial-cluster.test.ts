import assert from "node:assert/strict";
import { test } from "node:test";
import { parseInitialCluster } from "./initial-cluster.ts";

test("initial cluster: every URL of a name, sorted", () => {
  assert.deepEqual(parseInitialCluster("b=http://b:2,a=http://a:1,,b=http://b:1"), [
    { name: "b", peerURLs: ["http://b:1", "http://b:2"] },
    { name: "a", peerURLs: ["http://a:1"] },
  ]);
});

test("initial cluster: refuse a name without a URL", () => {
  assert.throws(() => parseInitialCluster("a"), /URL scheme must be http/);
  assert.throws(() => parseInitialCluster("a=http://a"), /host:port/);
});

test("initial cluster: may be empty", () => assert.deepEqual(parseInitialCluster(""), []));
