/** How long the event loop of a Kvorum process was away, as `stall-probe.mjs` notes it in there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Cluster } from "../test/harness/cluster.ts";
import { Member } from "../test/harness/member.ts";
import { launcher } from "../test/harness/server-kind.ts";

/** The longest stalls of some time. */
export interface Stalls {
  /** What the thread ran without coming back to its events. */
  readonly ownMs: number;
  /** All that a timer could be late. */
  readonly wallMs: number;
}

interface Noted {
  readonly atMs: number;
  readonly ms: number;
  readonly ranMs: number;
}

/** The member's like with the probe in it; takes its place in the cluster, and is not running yet. */
export function probed(cluster: Cluster, member: Member): Member {
  const probe = pathToFileURL(join(import.meta.dirname, "stall-probe.mjs"));
  probe.searchParams.set("file", stallFile(member));
  const [node = "", ...script] = launcher("kvorum");
  const command = [node, `--import=${probe.href}`, ...script];
  const { name, flags, clientPort, peerPort, dataDir } = member;
  const twin = new Member({ name, command, flags, clientPort, peerPort, dataDir });
  cluster.members[cluster.members.indexOf(member)] = twin;
  return twin;
}

function stallFile({ dataDir }: Member): string {
  return `${dataDir}.stalls`;
}

/** The longest stalls since `sinceMs` (Unix). */
export function stallsSince(member: Member, sinceMs: number): Stalls {
  const file = stallFile(member);
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  const noted = lines
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Noted)
    .filter(({ atMs, ms }) => atMs - ms >= sinceMs);
  return {
    ownMs: Math.max(0, ...noted.map(({ ms, ranMs }) => Math.min(ms, ranMs))),
    wallMs: Math.max(0, ...noted.map(({ ms }) => ms)),
  };
}
