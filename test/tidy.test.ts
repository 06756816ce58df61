/**
 * Architecture as a test: what a compiler and a linter do not see, held against ARCHITECTURE.md.
 * A failure says what the rule is and where to go instead.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "..");
const SKIPPED = new Set(["node_modules", "dist", "gen", "bin", "testdata", "fixtures", ".git"]);
const PACKAGES = ["proto", "server", "ctl"] as const;

function filesBelow(folder: string, ending: RegExp): string[] {
  const found: string[] = [];
  if (!existsSync(folder)) return found;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) found.push(...filesBelow(path, ending));
    else if (entry.isFile() && ending.test(entry.name)) found.push(path);
  }
  return found.sort();
}

const named = (file: string): string => relative(root, file);
const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file);
const isTesting = (file: string): boolean => isTest(file) || /\/testing\//.test(file);
const source = (name: string): string => join(root, "packages", name, "src");

/** Comments say what they like; only code is held to the rules. Lines keep their numbers. */
function codeOf(file: string): string {
  const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ");
  return readFileSync(file, "utf8")
    .replaceAll(/\/\*[\s\S]*?\*\//g, blank)
    .replaceAll(/(^|[\s;{}(,])\/\/[^\n]*/g, blank);
}

function importsOf(file: string): string[] {
  const pattern =
    /(?:^|[;\s])(?:import|export)\s(?:[^"';]*?\sfrom\s)?["']([^"']+)["']|import\(\s*["']([^"']+)["']/g;
  return [...codeOf(file).matchAll(pattern)].map((match) => match[1] ?? match[2] ?? "");
}

function parseImportTable(): Map<string, string[]> {
  const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const section = /^## Import table\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(text)?.[1] ?? "";
  const table = new Map<string, string[]>();
  for (const line of section.split("\n")) {
    const [, folders = "", allowed = ""] = line.split("|").map((cell) => cell.trim());
    if (!/^[\w.`]/.test(folders) || folders === "folder") continue;
    const names = allowed.split(",").map((name) => name.trim().replaceAll("`", ""));
    for (const folder of folders.split(",")) table.set(folder.trim().replaceAll("`", ""), names);
  }
  return table;
}

/** How the table names what `specifier` points at, most exact name first. */
function tableNames(file: string, specifier: string): string[] {
  if (specifier.startsWith("node:")) return [specifier, "node:*"];
  const own = /^@kvorum\/([\w-]+)/.exec(specifier)?.[1];
  if (own !== undefined) return [own];
  if (!specifier.startsWith(".")) return [/^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier];
  const target = relative(source("server"), resolve(dirname(file), specifier));
  return [target, target.split("/")[0] ?? target];
}

test("the server's folders import only what ARCHITECTURE.md allows them", () => {
  const table = parseImportTable();
  assert.ok(table.size > 5, 'ARCHITECTURE.md holds no table under "## Import table"');
  const wrong: string[] = [];
  for (const file of filesBelow(source("server"), /\.tsx?$/).filter((one) => !isTesting(one))) {
    const folder = relative(source("server"), file).split("/")[0] ?? "";
    if (folder === "index.ts") continue;
    const allowed = table.get(folder);
    if (allowed === undefined) {
      wrong.push(`${named(file)}: the import table has no row for ${folder}; write one`);
      continue;
    }
    if (allowed.includes("everything")) continue;
    for (const specifier of importsOf(file)) {
      const names = tableNames(file, specifier);
      if (names.includes(folder) || names.some((name) => allowed.includes(name))) continue;
      const target = names.at(-1) === "node:*" ? names[0] : names.at(-1);
      wrong.push(
        `${named(file)}: ${folder} may not import ${target} (${specifier}); allowed: ${allowed.join(", ")}. ` +
          "Pass a function or own an interface instead, or change the table and say why.",
      );
    }
  }
  assert.deepEqual(wrong, []);
});

test("packages meet at their public entries, and only downwards", () => {
  const allowed: Record<(typeof PACKAGES)[number], RegExp> = {
    proto: /^$/,
    server: /^@kvorum\/proto$/,
    ctl: /^@kvorum\/(proto(\/client)?|server\/offline)$/,
  };
  const wrong: string[] = [];
  for (const name of PACKAGES) {
    for (const file of filesBelow(source(name), /\.tsx?$/)) {
      for (const specifier of importsOf(file)) {
        const leaves =
          specifier.startsWith(".") &&
          relative(join(root, "packages", name), resolve(dirname(file), specifier)).startsWith(
            "..",
          );
        if (leaves) wrong.push(`${named(file)}: ${specifier} reaches into another package`);
        if (!specifier.startsWith("@kvorum/") || allowed[name].test(specifier)) continue;
        if (isTesting(file) && /^@kvorum\/[\w-]+$/.test(specifier)) continue;
        wrong.push(`${named(file)}: ${name} may not import ${specifier}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

interface Ban {
  readonly pattern: RegExp;
  readonly message: string;
  readonly where: (file: string) => boolean;
}

const inServer = (file: string): boolean =>
  named(file).startsWith("packages/server/src/") && !isTesting(file);
const inShell = (file: string): boolean => /src\/(env\/|main\.ts)/.test(named(file));

const BANS: readonly Ban[] = [
  {
    pattern: /\bMath\.random\(|\bcrypto\.random|\brandomBytes\(|\brandomUUID\(/,
    message: "randomness comes from env's Random",
    where: (file) => inServer(file) && !inShell(file),
  },
  {
    pattern: /\bprocess\.hrtime|\bperformance\.now\(|\bnew Date\(|\bDate\.now\(/,
    message: "time comes from env's Clock",
    where: (file) => inServer(file) && !inShell(file),
  },
  {
    pattern: /\b(?:test|it|describe|suite)\.(?:only|skip)\(|\bt\.skip\(\s*\)|\bonly: true/,
    message: "no test stands alone or is switched off; skip with a `skip: reason` option",
    where: isTest,
  },
  {
    pattern: /@ts-ignore|@ts-nocheck|oxlint-disable(?!-next-line)|biome-ignore/,
    message: "fix the cause; if the tool is wrong, oxlint-disable-next-line with a reason",
    where: () => true,
  },
];

test("banned calls", () => {
  const wrong: string[] = [];
  const files = ["packages", "test", "scripts"].flatMap((one) =>
    filesBelow(join(root, one), /\.tsx?$/),
  );
  for (const file of files.filter((one) => basename(one) !== "tidy.test.ts")) {
    const code = codeOf(file).split("\n");
    const text = readFileSync(file, "utf8").split("\n");
    for (const [index, line] of text.entries()) {
      if (/\b(?:FIXME|TODO|XXX)\b/.test(line)) {
        wrong.push(`${named(file)}:${index + 1}: finish it or write it down as an issue`);
      }
      for (const ban of BANS) {
        if (!ban.where(file) || !ban.pattern.test(code[index] ?? "")) continue;
        wrong.push(`${named(file)}:${index + 1}: ${ban.message}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

/** Files that start something: nobody imports them. */
const ENTRY =
  /(^|\/)(main|index)\.tsx?$|^packages\/server\/src\/offline\.ts$|^test\/(unit|run)\.ts$|^scripts\/|^test\/(bench|e2e|sim|fuzz)\/[^/]+$/;

test("no file is an orphan", () => {
  const files = ["packages", "test", "scripts"].flatMap((one) =>
    filesBelow(join(root, one), /\.tsx?$/),
  );
  // Code of a package that only its own test imports is dead; what lies in testing/ lives off tests.
  const imported = new Set<string>();
  for (const file of files) {
    const own = isTest(file) && !named(file).startsWith("test/");
    for (const specifier of importsOf(file).filter((one) => one.startsWith("."))) {
      const target = resolve(dirname(file), specifier);
      if (!own || isTesting(target)) imported.add(target);
    }
  }
  const orphans = files
    .filter((file) => !isTest(file) && !imported.has(file) && !ENTRY.test(named(file)))
    .map(
      (file) =>
        `${named(file)}: nothing but its own test imports it; delete it, or name it as an entry`,
    );
  assert.deepEqual(orphans, []);
});

test("documents have one title and no dead link", () => {
  const wrong: string[] = [];
  for (const file of filesBelow(root, /\.md$/)) {
    const text = readFileSync(file, "utf8").replaceAll(/```[\s\S]*?```/g, "");
    const titles = text.match(/^# /gm)?.length ?? 0;
    if (titles !== 1) wrong.push(`${named(file)}: ${titles} titles (#), expected one`);
    for (const [, link = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      const path = link.replace(/#.*$/, "");
      if (path === "" || /^[a-z]+:/.test(path)) continue;
      if (!existsSync(resolve(dirname(file), path)))
        wrong.push(`${named(file)}: dead link ${link}`);
    }
  }
  assert.deepEqual(wrong, []);
});
