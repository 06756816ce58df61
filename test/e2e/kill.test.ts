import { test } from "node:test";
import { killRounds } from "./kill-rounds.ts";

test("no acknowledged put is lost when any member, then the leader, is killed", async () => {
  await killRounds({ rounds: 1, log: (line) => console.log(line) });
});

test("nor when members restart from raft snapshots", async () => {
  const flags = { "snapshot-count": "100", "snapshot-catchup-entries": "100" };
  await killRounds({ rounds: 1, flags, log: (line) => console.log(line) });
});
