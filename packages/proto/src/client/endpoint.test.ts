import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseEndpoint } from "./endpoint.ts";

describe("parseEndpoint", () => {
  const cases: [string, boolean, string, boolean][] = [
    ["127.0.0.1:2379", false, "dns:127.0.0.1:2379", false],
    ["localhost:2379", true, "dns:localhost:2379", true],
    [":2379", false, "dns:localhost:2379", false],
    ["[::1]:2379", false, "dns:[::1]:2379", false],
    ["http://h:1", true, "dns:h:1", false],
    ["https://h:1/", false, "dns:h:1", true],
    ["https://h:1/a?b", false, "dns:h:1", true],
    ["unix:///a/b.sock", false, "unix:///a/b.sock", false],
    ["unix://a.sock:22", true, "unix:a.sock:22", true],
    ["unixs:a.sock", false, "unix:a.sock", true],
  ];
  for (const [text, hasTls, target, isSecure] of cases) {
    test(`${text}${hasTls ? " with TLS" : ""} is ${target}${isSecure ? ", secure" : ""}`, () => {
      const endpoint = parseEndpoint(text, hasTls);
      assert.deepEqual([endpoint.target, endpoint.isSecure], [target, isSecure]);
      assert.equal(endpoint.text, text);
    });
  }

  test("a certificate for a socket bears the file's name", () => {
    assert.equal(parseEndpoint("unixs:///run/localhost:1", true).serverName, "localhost");
  });
});
