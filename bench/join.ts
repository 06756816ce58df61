/** A member joins as a learner, catches up, votes, and leaves again. */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Cluster } from "../test/harness/cluster.ts";
import { Member } from "../test/harness/member.ts";
import { serverCommand } from "../test/harness/server-kind.ts";
import { asBystander, bystandersFolder } from "./bystander.ts";
import { etcdctl } from "./control.ts";

const NAME = "joiner";
const RETRY_MS = 300;
const PATIENCE_MS = 120_000;

export async function joinAndLeave(cluster: Cluster): Promise<void> {
  const { endpoint, name, peerUrl } = cluster.member(0);
  const joiner = elsewhere(await cluster.newMember(NAME), await serverCommand(cluster.kind));
  cluster.members.pop(); // What is asked of the cluster's endpoints goes to the first member alone.
  const add = ["member", "add", NAME, "--learner", `--peer-urls=${joiner.peerUrl}`];
  const [, id = ""] = /Member +([0-9a-f]+) added/.exec(await etcdctl(endpoint, ...add)) ?? [];
  joiner.flags["initial-cluster-state"] = "existing";
  joiner.flags["initial-cluster"] = `${name}=${peerUrl},${NAME}=${joiner.peerUrl}`;
  try {
    await joiner.start();
    await insist(endpoint, "member", "promote", id);
    await insist(endpoint, "member", "remove", id);
  } finally {
    await end(joiner);
  }
}

/** The member's like, on what stands for another machine. */
function elsewhere(member: Member, command: readonly string[]): Member {
  const { name, clientPort, peerPort } = member;
  const dataDir = join(bystandersFolder(), name);
  const flags = { ...member.flags, "data-dir": dataDir };
  return new Member({ name, command: asBystander(command), flags, clientPort, peerPort, dataDir });
}

/** A learner that is behind is not promoted; a member known for a few seconds only is not removed. */
async function insist(endpoint: string, ...command: string[]): Promise<void> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await etcdctl(endpoint, ...command);
      return;
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** One that was removed may have ended by itself. */
async function end(joiner: Member): Promise<void> {
  if (joiner.running) await joiner.kill();
  joiner.wipe();
  rmSync(dirname(joiner.dataDir), { recursive: true, force: true });
}
