import assert from "node:assert/strict";
import { test } from "node:test";
import { AlarmType } from "@kvorum/proto";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { nodeClock } from "../env/node-env.ts";
import type { Backend } from "../storage/backend.ts";
import { MemoryEngines } from "../storage/memory.ts";
import { openBackend } from "../storage/open-backend.ts";
import { AlarmStore } from "./alarm-store.ts";

async function emptyBackend(): Promise<Backend> {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  await fs.mkdir("store", 0o700);
  return openBackend(await new MemoryEngines(fs).open("store"));
}

test("alarms are raised per member and kind, and are there after a restart", async () => {
  const backend = await emptyBackend();
  const alarms = await AlarmStore.load(backend);
  alarms.activate(1n, AlarmType.NOSPACE);
  alarms.activate(1n, AlarmType.NOSPACE);
  alarms.activate(2n, AlarmType.NOSPACE);
  alarms.activate(2n, AlarmType.CORRUPT);
  assert.equal(alarms.list(AlarmType.NONE).length, 3);
  assert.equal(alarms.list(AlarmType.NOSPACE).length, 2);
  assert.equal(alarms.deactivate(1n, AlarmType.CORRUPT), undefined);
  assert.deepEqual(alarms.deactivate(2n, AlarmType.CORRUPT), {
    memberID: 2n,
    alarm: AlarmType.CORRUPT,
  });
  await backend.checkpoint(() => ({ index: 1, term: 1, confState: Buffer.alloc(0) }));
  const again = await AlarmStore.load(backend);
  assert.ok(again.isRaised(AlarmType.NOSPACE));
  assert.ok(!again.isRaised(AlarmType.CORRUPT));
  assert.deepEqual(
    again.list(AlarmType.NONE).map(({ memberID }) => memberID),
    [1n, 2n],
  );
  await backend.close();
});
