import assert from "node:assert/strict";
import { test } from "node:test";
import { flagsFromEnvironment } from "./environment.ts";
import { scanArguments, scannedFlags } from "./flag-scan.ts";
import { GLOBAL_FLAGS } from "./global-flags.ts";

const read = (args: string[], env: NodeJS.ProcessEnv) => {
  const given = scannedFlags(GLOBAL_FLAGS, scanArguments(GLOBAL_FLAGS, args));
  return flagsFromEnvironment(GLOBAL_FLAGS, given, env);
};

test("a variable sets its flag", () => {
  const { values, conflict, unrecognized } = read([], {
    ETCDCTL_WRITE_OUT: "json",
    ETCDCTL_ENDPOINTS: "a:1,b:2",
    PATH: "/bin",
  });
  assert.deepEqual(Object.fromEntries(values), { "write-out": "json", endpoints: ["a:1", "b:2"] });
  assert.equal(conflict, undefined);
  assert.deepEqual(unrecognized, []);
});

test("a flag that is given both ways is a conflict", () => {
  const { conflict } = read(["--write-out=json"], { ETCDCTL_WRITE_OUT: "json" });
  assert.equal(conflict, "ETCDCTL_WRITE_OUT");
});

test("a value that cannot be read is as if it were not there", () => {
  const { values, unrecognized } = read([], { ETCDCTL_DIAL_TIMEOUT: "soon" });
  assert.equal(values.size, 0);
  assert.deepEqual(unrecognized, []);
});

test("variables of no flag, and empty ones, are told", () => {
  assert.deepEqual(read([], { ETCDCTL_HEX: "" }).unrecognized, ["ETCDCTL_HEX="]);
  assert.deepEqual(read([], { ETCDCTL_PREFIX: "1" }).unrecognized, ["ETCDCTL_PREFIX=1"]);
});
