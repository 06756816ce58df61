/**
 * The Go programs the tests run: etcd's own command lines and our clients on etcd's Go library, built
 * from the module in `test/clients/go`, and conformance tools of HTTP/2 and gRPC from a module of their
 * own. They are kept in the module's `bin` until a file of the module changes.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";

const clients = join(import.meta.dirname, "../clients");
const GO = join(clients, "go");
const CONFORMANCE = join(clients, "conformance");

const PACKAGES = {
  etcd: "go.etcd.io/etcd/server/v3",
  etcdctl: "go.etcd.io/etcd/etcdctl/v3",
  etcdutl: "go.etcd.io/etcd/etcdutl/v3",
  benchmark: "go.etcd.io/etcd/v3/tools/benchmark",
  everyday: "./cmd/everyday",
  badrequests: "./cmd/badrequests",
  contender: "./cmd/contender",
  load: "./cmd/load",
  h2spec: "github.com/summerwind/h2spec/cmd/h2spec",
  interop: "google.golang.org/grpc/interop/client",
} as const;

/** The module that builds a tool. */
function moduleOf(tool: GoTool): string {
  return tool === "h2spec" || tool === "interop" ? CONFORMANCE : GO;
}

const targetOf = (tool: GoTool): string => join(moduleOf(tool), "bin", tool);

export type GoTool = keyof typeof PACKAGES;

/** Where the programs asked for are, or why they cannot be had on this machine. */
export type GoTools<T extends GoTool> =
  | { readonly skip: false; readonly path: Readonly<Record<T, string>> }
  | { readonly skip: string };

const MINOR_MIN = 26;

async function go(module: string, args: readonly string[]): Promise<string> {
  const options = { cwd: module, env: process.env, timeoutMs: 240_000 };
  const result = await runCommand("go", args, options);
  if (result.code !== 0) throw new Error(`go ${args.join(" ")} failed:\n${result.stderr}`);
  return result.stdout.trim();
}

/** Why nothing can be built here (no Go, an old one, no way to its modules), or undefined. */
async function whyNot(module: string): Promise<string | undefined> {
  let version: string;
  try {
    version = await go(module, ["env", "GOVERSION"]);
  } catch {
    return `no Go 1.${MINOR_MIN} or newer on this machine`;
  }
  if (Number(/^go1\.(\d+)/.exec(version)?.[1] ?? 0) < MINOR_MIN) {
    return `Go 1.${MINOR_MIN} or newer is needed, this machine has ${version}`;
  }
  try {
    await go(module, ["mod", "download"]);
    return undefined;
  } catch {
    return "the Go modules cannot be downloaded";
  }
}

async function newestSource(module: string): Promise<number> {
  let newest = 0;
  for (const entry of await readdir(module, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.parentPath === join(module, "bin")) continue;
    newest = Math.max(newest, (await stat(join(entry.parentPath, entry.name))).mtimeMs);
  }
  return newest;
}

/**
 * Builds what is missing or stale. No Go is a reason to skip; a program that does not compile is an
 * error. Safe to call from several processes at once.
 */
export async function goTools<T extends GoTool>(...tools: readonly T[]): Promise<GoTools<T>> {
  for (const tool of tools) {
    const module = moduleOf(tool);
    const target = targetOf(tool);
    const changed = await newestSource(module);
    if (existsSync(target) && (await stat(target)).mtimeMs >= changed) continue;
    const reason = await whyNot(module);
    if (reason !== undefined) return { skip: reason };
    await mkdir(join(module, "bin"), { recursive: true });
    const built = `${target}.${process.pid}`;
    await go(module, ["build", "-buildvcs=false", "-ldflags=-s -w", "-o", built, PACKAGES[tool]]);
    await rename(built, target);
  }
  const path = Object.fromEntries(tools.map((tool) => [tool, targetOf(tool)]));
  return { skip: false, path: path as Record<T, string> };
}
