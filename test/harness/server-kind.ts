import { readFileSync } from "node:fs";
import { join } from "node:path";
import { goTools } from "./go-tools.ts";

/**
 * What the tests run against: Kvorum, or, to prove that a test itself is right, real etcd
 * (`KVORUM_TEST_SERVER=etcd`).
 */
export type ServerKind = "kvorum" | "etcd";

export function serverKind(): ServerKind {
  const wanted = process.env["KVORUM_TEST_SERVER"] ?? "kvorum";
  if (wanted !== "kvorum" && wanted !== "etcd") {
    throw new Error(`KVORUM_TEST_SERVER is "${wanted}", expected kvorum or etcd`);
  }
  return wanted;
}

const launchers = join(import.meta.dirname, "../../bin");

/**
 * A launcher of this repository, run by this very Node so that no PATH decides, with the flags that its
 * first line gives to Node.
 */
export function launcher(name: "kvorum" | "kvorumctl"): string[] {
  const file = join(launchers, name);
  const [first = ""] = readFileSync(file, "utf8").split("\n", 1);
  return [process.execPath, ...(first.match(/--\S+/g) ?? []), file];
}

/** The daemon's command line without flags. */
export async function serverCommand(kind: ServerKind): Promise<string[]> {
  if (kind === "kvorum") return launcher("kvorum");
  const tools = await goTools("etcd");
  if (tools.skip !== false) throw new Error(tools.skip);
  return [tools.path.etcd];
}
