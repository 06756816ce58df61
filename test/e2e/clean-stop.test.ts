/**
 * A member that was stopped in good order starts from the index it has left; one that was killed reads
 * all keys. Either way it holds what it held, and the next start goes by the last stop.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { serverKind } from "../harness/server-kind.ts";
import { Cluster } from "../harness/cluster.ts";

const TAKEN = "took the index from its image";

async function everything(cluster: Cluster): Promise<unknown> {
  const member = cluster.member(0);
  const client = cluster.clientOf(member);
  const { kvs, count, header } = await client.getAll().exec();
  const leases = await client.getAll().prefix("leased/").exec();
  const hashes = await cluster.hashes();
  return {
    count,
    revision: header.revision,
    keys: kvs.map((kv) => [kv.key.toString(), kv.value.toString(), kv.mod_revision, kv.version]),
    leases: leases.kvs.map(({ lease }) => lease),
    hash: [...hashes.values()],
  };
}

const skip = serverKind() !== "kvorum" && "only Kvorum has an image of its index";
test("a restart after a clean stop holds what the member held, and so does one after a kill", {
  skip,
}, async () => {
  const cluster = await Cluster.start({ size: 1 });
  after(() => cluster.dispose());
  const member = cluster.member(0);
  const client = cluster.clientOf(member);
  const lease = client.lease(600, { autoKeepAlive: false });
  const keys = Array.from({ length: 400 }, (_none, i) => `key/${i}`);
  await Promise.all(keys.map((key) => client.put(key).value(`first of ${key}`)));
  await Promise.all(keys.slice(100, 150).map((key) => client.put(key).value("second")));
  await client.delete().prefix("key/2");
  for (const name of ["a", "b"]) await lease.put(`leased/${name}`).value("held");
  const leaseId = await lease.grant();

  const before = await everything(cluster);
  await member.stop();
  await member.start();
  assert.ok(member.hasLogged(TAKEN), "the start has read all keys");
  assert.deepEqual(await everything(cluster), before);

  await client.put("key/7").value("after the start");
  const changed = await everything(cluster);
  await member.kill();
  await member.start();
  assert.ok(!member.hasLogged(TAKEN), "an image was taken after a crash");
  assert.deepEqual(await everything(cluster), changed);

  await member.stop();
  await member.start();
  assert.ok(member.hasLogged(TAKEN), "the start has read all keys");
  assert.deepEqual(await everything(cluster), changed);
  await client.leaseClient.leaseRevoke({ ID: leaseId });
  assert.equal(await client.getAll().prefix("leased/").count(), 0, "the lease had lost its keys");
});
