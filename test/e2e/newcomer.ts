/**
 * Does what a newcomer does who has Node and nothing else: takes the committed state into an empty
 * folder and types the commands of README's quick start, with node, npm and the shell's own tools in
 * reach, but no git, Python, compiler or Go.
 *
 * The commands are read from the fenced blocks below the heading "Quick start": the first is the server,
 * which must come to serve; the others run one after the other, the tests last, and must succeed.
 *
 * Usage: `node --conditions=source --import tsx test/e2e/newcomer.ts [--without-tests]`
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder, trackChild } from "../harness/cleanup.ts";
import { runCommand } from "../harness/run-command.ts";
import { Hopeless, waitFor } from "../harness/wait-for.ts";

const root = join(import.meta.dirname, "../..");
const PATIENCE_MS = 600_000;

const PROGRAMS =
  "node npm npx sh env sed dirname basename uname cat ls cp mv rm mkdir ln chmod grep";
/** They go on until interrupted, or need what a newcomer does not have. */
const NOT_TYPED = /^etcdctl|kvorumctl watch/;

/** A PATH of one folder that holds just these programs. */
function pathOf(folder: string, programs: readonly string[]): string {
  mkdirSync(folder);
  for (const program of programs) {
    const found = execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
    symlinkSync(found, join(folder, program));
  }
  return folder;
}

function quickStart(readme: string): string[] {
  const section = /^##+ Quick ?start\b[^\n]*\n([\s\S]*?)(?=^## |(?![\s\S]))/im.exec(readme)?.[1];
  const blocks = [...(section ?? "").matchAll(/```\w*\n([\s\S]*?)```/g)];
  if (blocks.length === 0) throw new Error('README.md has no fenced block below "Quick start"');
  const lines = blocks.flatMap((block) => (block[1] ?? "").split("\n"));
  const typed = lines
    .map((line) =>
      line
        .replace(/^\$ /, "")
        .replace(/\s+#.*$/, "")
        .trim(),
    )
    .filter((line) => line !== "" && !line.startsWith("#") && !NOT_TYPED.test(line));
  const isTest = (line: string): boolean => / test$/.test(line);
  const tests = process.argv.includes("--without-tests") ? [] : typed.filter(isTest);
  return [...typed.filter((line) => !isTest(line)), ...tests];
}

const folder = temporaryFolder("newcomer");
const clone = join(folder, "kvorum");
const home = join(folder, "home");
mkdirSync(clone);
mkdirSync(home);
const archive = execFileSync("git", ["archive", "HEAD"], { cwd: root, maxBuffer: 1 << 30 });
execFileSync("tar", ["-x", "-C", clone], { input: archive });

const path = pathOf(join(folder, "bin"), PROGRAMS.split(" "));
const env = { PATH: path, HOME: home };
const [server, ...commands] = quickStart(readFileSync(join(clone, "README.md"), "utf8"));
if (server === undefined || commands.length === 0) {
  throw new Error("the quick start needs a server and at least one command");
}

console.log(`$ ${server}`);
const started = performance.now();
const daemon = spawn("/bin/sh", ["-c", server], {
  cwd: clone,
  env,
  detached: true,
  stdio: ["ignore", "pipe", "pipe"],
});
trackChild(daemon);
process.on("exit", () => {
  if (daemon.pid !== undefined && daemon.exitCode === null) process.kill(-daemon.pid, "SIGKILL");
});
let said = "";
for (const output of [daemon.stdout, daemon.stderr]) {
  output.on("data", (chunk: Buffer) => (said += chunk.toString()));
}
const serves = (): boolean => {
  if (daemon.exitCode !== null) throw new Hopeless(`it ended with ${daemon.exitCode}:\n${said}`);
  return said.includes("ready to serve client requests");
};
await waitFor(serves, "the server to serve", { timeoutMs: PATIENCE_MS });
console.log(`serves after ${((performance.now() - started) / 1000).toFixed(1)} s`);

for (const command of commands) {
  const result = await runCommand("/bin/sh", ["-c", command], {
    cwd: clone,
    env,
    timeoutMs: PATIENCE_MS,
  });
  console.log(`$ ${command}\n${result.stdout}${result.stderr}`);
  if (result.code !== 0) throw new Error(`${command}: exit ${result.code}`);
}
console.log(`a newcomer is served, from ${dirname(clone)}`);
process.exit(0);
