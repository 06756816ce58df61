import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOT } from "../commands/tree/root.ts";
import { allFlags, type CommandPath, type CommandSpec, type FlagSpec } from "./command-spec.ts";
import { scanArguments, scannedFlags } from "./flag-scan.ts";
import { parsedFlags } from "./yargs-tree.ts";

const FLAGS: readonly FlagSpec[] = [
  { name: "all", shorthand: "a", kind: "bool", usage: "" },
  { name: "bare", shorthand: "b", kind: "bool", usage: "" },
  { name: "format", shorthand: "f", kind: "string", usage: "" },
  { name: "limit", kind: "int", usage: "" },
  { name: "wait", kind: "duration", usage: "" },
  { name: "list", kind: "strings", default: ["x"], usage: "" },
];

const given = (...args: string[]): unknown[] =>
  scanArguments(FLAGS, args).given.map(({ flag, value }) => [flag.name, value]);

test("a value may follow its flag or an equals sign", () => {
  assert.deepEqual(given("--limit", "5", "--limit=0x10"), [
    ["limit", 5],
    ["limit", 16],
  ]);
  assert.deepEqual(given("-f", "x", "-fy", "-f=z", "-f="), [
    ["format", "x"],
    ["format", "y"],
    ["format", "z"],
    ["format", "="],
  ]);
});

test("a flag takes the next argument whatever it looks like", () => {
  assert.deepEqual(given("--format", "--all"), [["format", "--all"]]);
  assert.deepEqual(given("--format", "--"), [["format", "--"]]);
});

test("a boolean never takes the next argument", () => {
  const scanned = scanArguments(FLAGS, ["--all", "true", "--bare=false"]);
  assert.deepEqual(scanned.args, ["true"]);
  assert.deepEqual(given("--all", "--bare=false"), [
    ["all", true],
    ["bare", false],
  ]);
});

test("short booleans may share a dash", () => {
  assert.deepEqual(given("-abfx"), [
    ["all", true],
    ["bare", true],
    ["format", "x"],
  ]);
});

test("everything after two dashes is an argument, and so is one dash", () => {
  const scanned = scanArguments(FLAGS, ["k", "-", "--", "--all", "--"]);
  assert.deepEqual(scanned.args, ["k", "-", "--all", "--"]);
  assert.equal(scanned.dashAt, 2);
});

const mistakes: readonly (readonly [readonly string[], string])[] = [
  [["--nosuch=1"], "unknown flag: --nosuch"],
  [["--limit"], "flag needs an argument: --limit"],
  [["--=x"], "bad flag syntax: --=x"],
  [["---x"], "bad flag syntax: ---x"],
  [["-abz"], "unknown shorthand flag: 'z' in -z"],
  [["-af"], "flag needs an argument: 'f' in -f"],
  [
    ["--limit=x"],
    'invalid argument "x" for "--limit" flag: strconv.ParseInt: parsing "x": invalid syntax',
  ],
  [
    ["-a=maybe"],
    'invalid argument "maybe" for "-a, --all" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
  ],
  [["--wait=5"], 'invalid argument "5" for "--wait" flag: time: missing unit in duration "5"'],
];

for (const [args, error] of mistakes) {
  test(`a mistake: ${args.join(" ")}`, () => {
    assert.equal(scanArguments(FLAGS, args).error, error);
  });
}

test("a list that is given replaces its default, and grows when given again", () => {
  const scanned = scanArguments(FLAGS, ["--list=a,b", '--list="c,d"']);
  assert.deepEqual(scannedFlags(FLAGS, scanned).strings("list"), ["a", "b", "c,d"]);
  assert.deepEqual(scannedFlags(FLAGS, scanArguments(FLAGS, [])).strings("list"), ["x"]);
});

const SAMPLES = {
  bool: "true",
  string: "--odd 'value'",
  strings: "a,b",
  int: "-7",
  uint: "7",
  duration: "1m",
};

function paths(path: CommandPath): CommandPath[] {
  const command = path[path.length - 1] as CommandSpec;
  return [path, ...(command.commands ?? []).flatMap((child) => paths([...path, child]))];
}

test("yargs and the short way without it read the flags of every command alike", async () => {
  for (const path of paths([ROOT])) {
    const flags = allFlags(path);
    for (const chosen of [[], flags, flags.filter((_, i) => i % 2 === 0)]) {
      const words = chosen.flatMap((flag) => {
        const twice = [`--${flag.name}=${SAMPLES[flag.kind]}`];
        return flag.kind === "bool" ? twice : [...twice, ...twice];
      });
      const scanned = scanArguments(flags, words);
      assert.equal(scanned.error, undefined);
      assert.deepEqual(await parsedFlags(flags, scanned), scannedFlags(flags, scanned));
      for (const flag of flags) {
        const quick = scannedFlags(flags, scanned);
        const full = await parsedFlags(flags, scanned);
        assert.equal(full.text(flag.name), quick.text(flag.name), flag.name);
        assert.equal(full.changed(flag.name), quick.changed(flag.name), flag.name);
      }
    }
  }
});
