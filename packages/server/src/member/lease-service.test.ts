import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteRangeRequest, LeaseTimeToLiveRequest } from "@kvorum/proto";
import { nodeClock } from "../env/node-env.ts";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { LongDelete } from "../mvcc/long-delete.ts";
import { MemoryEngines } from "../storage/memory.ts";
import { openBackend } from "../storage/open-backend.ts";
import { LeaseService, type LeaseServiceOptions } from "./lease-service.ts";
import { StateMachine } from "./state-machine.ts";

const LEASE = 7n;
const KEYS = 3000;

/** A leader whose one lease has many keys. */
async function setUp(): Promise<{ state: StateMachine; leases: LeaseService }> {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  await fs.mkdir("store", 0o700);
  const backend = await openBackend(await new MemoryEngines(fs).open("store"));
  const onFatal = (error: unknown): void => assert.ifError(error);
  const state = await StateMachine.load({
    backend,
    clock: nodeClock,
    leaseTtlSecondsMin: 1,
    onFatal,
  });
  state.lessor.promote(0);
  state.lessor.grant(LEASE, 60);
  const txn = state.store.beginWrite();
  for (let i = 0; i < KEYS; i++) txn.put(Buffer.from(`k${i}`), Buffer.from("v"), LEASE);
  txn.end();
  const parts = { driver: { isLeader: true }, reads: { wait: () => Promise.resolve() } };
  const options = { state, clock: nodeClock, ...parts } as unknown as LeaseServiceOptions;
  return { state, leases: new LeaseService(options) };
}

test("the keys of a lease are seen before a long deletion or after it, not in its midst", async () => {
  const { state, leases } = await setUp();
  const range = { key: Buffer.from("k"), rangeEnd: Buffer.from("l") };
  const bounds = { clock: nodeClock, keysMin: KEYS - 1 };
  const long = LongDelete.tryBegin(state.store, DeleteRangeRequest.create(range), bounds);
  assert.ok(long !== undefined);
  const request = LeaseTimeToLiveRequest.create({ ID: LEASE, keys: true });
  assert.equal((await leases.timeToLiveAsLeader(request)).keys.length, KEYS);
  await long.run();
  const meanwhile = leases.timeToLiveAsLeader(request);
  const withoutKeys = await leases.timeToLiveAsLeader({ ...request, keys: false });
  assert.equal(withoutKeys.grantedTTL, 60);
  const { header } = long.finish();
  const after = await meanwhile;
  assert.deepEqual([after.keys, after.header?.revision], [[], header?.revision]);
});
