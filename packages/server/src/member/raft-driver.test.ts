import assert from "node:assert/strict";
import { test } from "node:test";
import { EtcdError, EtcdErrors, PutRequest } from "@kvorum/proto";
import { ManualClock } from "../env/testing/manual-clock.ts";
import { Prng } from "../lib/prng.ts";
import { Foreground } from "../mvcc/turn.ts";
import { createConfState, createMessage, type Message } from "../raft/messages.ts";
import { createWal } from "../wal/open-wal.ts";
import { testEnv } from "../wal/testing/wal-fixture.ts";
import type { Wal } from "../wal/wal.ts";
import { LinearizableReads } from "./linearizable-reads.ts";
import type { MemberSettings } from "./member-options.ts";
import type { Transport } from "./ports.ts";
import { Proposals } from "./proposals.ts";
import { RaftDriver } from "./raft-driver.ts";
import { createRaftNode } from "./raft-node.ts";
import { RequestIds } from "./request-ids.ts";
import { StableLog } from "./stable-log.ts";

const OWN = 1n;
const PEER = 2n;
const TIMEOUT_MS = 1000;
const settings = { electionTicks: 10, preVote: false } as MemberSettings;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Member 1 of two, with a log on a disk in memory; the other one is played by the test. */
class TestLeader {
  readonly wal: Wal;
  readonly proposals: Proposals;
  readonly reads: LinearizableReads;
  readonly driver: RaftDriver;
  /** What went to the other one and has not been taken yet. */
  readonly sent: Message[] = [];
  readonly #clock = new ManualClock();
  #applied = 0;

  private constructor(wal: Wal) {
    this.wal = wal;
    const clock = this.#clock;
    const ids = new RequestIds(OWN, 1);
    const onQueued = (): void => this.driver.wake();
    this.proposals = new Proposals({
      clock,
      foreground: new Foreground(),
      ids,
      timeoutMs: TIMEOUT_MS,
      requestBytesMax: 1000,
      onQueued,
      timeoutError: () => EtcdError.from(EtcdErrors.timeout),
    });
    const appliedIndex = (): number => this.#applied;
    const timeoutMs = TIMEOUT_MS;
    this.reads = new LinearizableReads({ clock, ids, timeoutMs, onQueued, appliedIndex });
    this.driver = this.#createDriver();
  }

  /** One that has applied an entry of its term, without which it answers no reads. */
  static async elect(): Promise<TestLeader> {
    const wal = await createWal(testEnv(), "wal", { nodeId: OWN, clusterId: 1n });
    const leader = new TestLeader(wal);
    leader.driver.start();
    leader.driver.run((node) => node.campaign());
    leader.driver.receive([answerTo(await leader.take("MsgVote"))]);
    leader.driver.receive([answerTo(await leader.take("MsgApp"))]);
    while (leader.#applied === 0) await nextTurn();
    return leader;
  }

  /** Waits for a message of this type to the other member. */
  async take(type: Message["type"]): Promise<Message> {
    for (;;) {
      const at = this.sent.findIndex((message) => message.type === type);
      if (at >= 0) return this.sent.splice(at, 1)[0]!;
      await nextTurn();
    }
  }

  async stop(): Promise<void> {
    this.driver.stop();
    await this.wal.close();
  }

  #createDriver(): RaftDriver {
    const { wal, proposals, reads } = this;
    const stableLog = new StableLog({
      previous: { index: 0, term: 0 },
      entries: [],
      hardState: { term: 0, vote: 0n, commit: 0 },
      checkpoint: { index: 0, term: 0, confState: { ...createConfState(), voters: [OWN, PEER] } },
    });
    const { log } = testEnv();
    const env = { random: new Prng(1), log };
    const send = (messages: Message[]): Message[] => {
      this.sent.push(...messages);
      return [];
    };
    return new RaftDriver({
      id: OWN,
      node: createRaftNode({ id: OWN, settings, stableLog, applied: 0, env }),
      stableLog,
      wal,
      transport: { send } as Transport,
      clock: this.#clock,
      log,
      proposals,
      reads,
      tickMs: 100,
      applyEntries: (entries, done) => {
        this.#applied = entries.at(-1)?.index ?? this.#applied;
        done();
      },
      installSnapshot: () => Promise.reject(new Error("no snapshot is sent here")),
      sendSnapshot: () => undefined,
      onLeaderChange: () => undefined,
      onTick: () => undefined,
      onFatal: (error) => {
        throw error;
      },
    });
  }
}

/** What the other member says to it. */
function answerTo(message: Message): Message {
  const types = {
    MsgVote: "MsgVoteResp",
    MsgApp: "MsgAppResp",
    MsgHeartbeat: "MsgHeartbeatResp",
  } as const;
  const answer = createMessage(types[message.type as keyof typeof types], OWN);
  const { term, context } = message;
  const index = message.entries.at(-1)?.index ?? message.index;
  return Object.assign(answer, { from: PEER, term, context, index });
}

test("what is due to disk and peers has left when the reads of the same turn are run", async () => {
  const leader = await TestLeader.elect();
  const { driver, proposals, reads, wal } = leader;
  const before = wal.last.index;
  const read = reads.after(() => ({
    isAtDisk: wal.last.index === before + 1,
    isAtPeer: leader.sent.some(({ type }) => type === "MsgApp"),
  }));
  const round = await leader.take("MsgHeartbeat");
  leader.sent.length = 0;
  // The core hands out the confirmed read together with the entry.
  const put = proposals.submit("put", PutRequest.create({ key: Buffer.from("k") }));
  driver.receive([answerTo(round)]);
  assert.deepEqual(await read, { isAtDisk: true, isAtPeer: true });
  assert.ok(!put.isSettled);
  await leader.stop();
});
