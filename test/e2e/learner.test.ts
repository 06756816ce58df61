/**
 * A member whose disk was replaced: removed, wiped, added again as a learner while writes go on. The
 * log it would need is gone, so it catches up by a snapshot; then it is promoted and takes over.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Cluster } from "../harness/cluster.ts";
import { waitFor } from "../harness/wait-for.ts";
import { Load } from "./load.ts";

test("a wiped member comes back as a learner by snapshot and is promoted", async () => {
  const flags = { "snapshot-count": "50", "snapshot-catchup-entries": "20" };
  const cluster = await Cluster.start({ size: 3, flags });
  after(() => cluster.dispose());
  const leader = await cluster.leader();
  const victim = cluster.members.find((member) => member !== leader);
  assert.ok(victim);
  const { cluster: admin } = cluster.clientOf(leader);
  const load = new Load(cluster, 4);
  try {
    await load.more(300, "before the loss");
    const { id } = await cluster.statusOf(victim);
    await victim.kill();
    victim.wipe();
    await admin.memberRemove({ ID: id });
    await load.more(200, "with two members");

    // A removed member's voice is missed for a while before the others are called healthy.
    const added = await waitFor(
      () => admin.memberAdd({ peerURLs: [victim.peerUrl], isLearner: true }),
      "the learner to be added",
    );
    const others = cluster.members.map((member) => `${member.name}=${member.peerUrl}`);
    victim.flags["initial-cluster"] = others.join(",");
    victim.flags["initial-cluster-state"] = "existing";
    await victim.start();
    await load.more(100, "with a learner");
    assert.ok(victim.hasLogged("applied snapshot"), "it caught up without a snapshot");

    const learner = added.member.ID;
    await waitFor(() => admin.memberPromote({ ID: learner }), "the learner to be promoted");
    await load.more(100, "with three members again");
  } finally {
    await load.stop();
  }

  // The new voter counts: with the old leader gone, its vote is needed for a majority.
  await leader.kill();
  await waitFor(() => cluster.clientOf(victim).put("last").value("word"), "a put by two members");
  const found = new Set(await cluster.clientOf(victim).getAll().prefix("load/").keys());
  const missing = load.acknowledged.filter((key) => !found.has(key));
  assert.deepEqual(missing, [], "acknowledged puts are missing on the new member");
  assert.equal(new Set((await cluster.hashes()).values()).size, 1, "members disagree");
});
