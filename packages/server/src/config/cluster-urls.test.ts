import assert from "node:assert/strict";
import { test } from "node:test";
import { formatClusterUrls, parseClusterUrls } from "./cluster-urls.ts";

test("cluster URLs: collect every URL of a name", () => {
  const cluster = parseClusterUrls("b=http://b:2,a=http://a:1,,b=http://b:1");
  assert.deepEqual([...cluster.keys()], ["b", "a"]);
  assert.equal(formatClusterUrls(cluster), "a=http://a:1,b=http://b:1,b=http://b:2");
});

test("cluster URLs: refuse a name without a URL", () => {
  assert.throws(() => parseClusterUrls("a"), /URL scheme must be http/);
  assert.throws(() => parseClusterUrls("a=http://a"), /host:port/);
});

test("cluster URLs: may be empty", () => assert.equal(parseClusterUrls("").size, 0));
