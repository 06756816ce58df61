import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUrl, parseUrlList } from "./member-url.ts";

test("URLs: are split into what a listener needs", () => {
  assert.deepEqual(parseUrl(" http://127.0.0.1:2379 "), {
    scheme: "http",
    hostname: "127.0.0.1",
    port: "2379",
    socketPath: "",
    text: "http://127.0.0.1:2379",
  });
  assert.equal(parseUrl("https://[::1]:1").hostname, "::1");
  assert.equal(parseUrl("unix:///tmp/a.sock").socketPath, "/tmp/a.sock");
  assert.equal(parseUrl("unix://localhost:2379").socketPath, "localhost:2379");
  assert.equal(parseUrl("HTTP://a:1").text, "http://a:1");
});

const bad: [string, RegExp][] = [
  ["", /URL scheme must be http/],
  ["a:1", /URL scheme must be http/],
  ["http://a:b", /parse "http:\/\/a:b": invalid port ":b" after host/],
  ["http://[::1]", /host:port/],
  ["http://::1:1", /host:port/],
  ["http://a:1?x=1", /must not contain a path/],
  ["://a:1", /missing protocol scheme/],
];
for (const [text, error] of bad) {
  test(`URLs: refuse ${JSON.stringify(text)}`, () => assert.throws(() => parseUrl(text), error));
}

test("URLs: are sorted and listed once", () => {
  const urls = parseUrlList("http://b:1,http://a:1,http://b:1");
  assert.deepEqual(
    urls.map((url) => url.text),
    ["http://a:1", "http://b:1"],
  );
});
