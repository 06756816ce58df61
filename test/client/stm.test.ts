import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EtcdError, EtcdErrors, GrpcCode } from "@kvorum/proto";
import {
  type Client,
  type Isolation,
  StmConflictError,
  type StmOptions,
  type StmTransaction,
  toText,
} from "@kvorum/proto/client";
import { waitFor } from "../harness/wait-for.ts";
import { connect, startCluster } from "./connect.ts";

const LEVELS = [
  "serializableSnapshot",
  "serializable",
  "repeatableReads",
  "readCommitted",
] as const satisfies Isolation[];

async function numberOf(transaction: StmTransaction, key: string): Promise<number> {
  return Number((await transaction.get(key))?.toString() ?? 0);
}

async function read(client: Client, key: string): Promise<string> {
  return toText((await client.kv.get(key))?.value);
}

/** Runs `between` after the first attempt has read, then lets it go on. */
async function interfere(
  client: Client,
  options: StmOptions,
  between: () => Promise<unknown>,
  apply: (transaction: StmTransaction, attempt: number) => Promise<void>,
): Promise<number> {
  let attempts = 0;
  await client.stm(async (transaction) => {
    attempts++;
    await transaction.get("read");
    if (attempts === 1) await between();
    await apply(transaction, attempts);
  }, options);
  return attempts;
}

describe("transactions in memory", () => {
  test("read, write and delete; see their own writes; return a value", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    await client.kv.put({ key: "a", value: "1" });
    const { value, response } = await client.stm(async (transaction) => {
      const before = await transaction.getAll(["a", "b"]);
      transaction.put("b", "2");
      transaction.delete("a");
      const after = await transaction.getAll(["a", "b"]);
      const revision = await transaction.modRevision("a");
      return [...before, ...after].map(String).concat(String(revision > 0));
    });
    assert.deepEqual(value, ["1", "undefined", "undefined", "2", "true"]);
    assert.equal(response.succeeded, true);
    assert.deepEqual([await read(client, "a"), await read(client, "b")], ["", "2"]);
  });

  test("one that throws writes nothing", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const failing = client.stm((transaction) => {
      transaction.put("a", "1");
      return Promise.reject(new Error("no"));
    });
    await assert.rejects(failing, /^Error: no$/);
    assert.equal(await client.kv.get("a"), undefined);
  });

  const conflicts: [Isolation, number, number][] = [
    ["serializableSnapshot", 2, 2],
    ["serializable", 2, 1],
    ["repeatableReads", 2, 1],
    ["readCommitted", 1, 1],
  ];
  for (const [isolation, afterRead, afterWrite] of conflicts) {
    test(`${isolation}: what is a conflict`, async (t) => {
      const client = connect(t, await startCluster(t, { size: 1 }));
      await client.kv.put({ key: "read", value: "0" });
      const change = (key: string) => () => client.kv.put({ key, value: "changed" });
      const write = async (transaction: StmTransaction, attempt: number): Promise<void> => {
        const seen = (await transaction.get("read"))?.toString();
        transaction.put("written", `${seen} in attempt ${attempt}`);
      };
      assert.equal(await interfere(client, { isolation }, change("written"), write), afterWrite);
      assert.equal(await read(client, "written"), `0 in attempt ${afterWrite}`);
      assert.equal(await interfere(client, { isolation }, change("read"), write), afterRead);
      const seen = afterRead === 1 ? "0" : "changed";
      assert.equal(await read(client, "written"), `${seen} in attempt ${afterRead}`);
    });
  }

  for (const isolation of LEVELS) {
    const isPinned = isolation.startsWith("serializable");
    test(`${isolation}: what reads see`, async (t) => {
      const client = connect(t, await startCluster(t, { size: 1 }));
      const seen: string[][] = [];
      const change = async (): Promise<void> => {
        await client.kv.put({ key: "other", value: "new" });
      };
      await client.kv.put({ key: "other", value: "old" });
      await interfere(client, { isolation }, change, async (transaction) => {
        const once = String(await transaction.get("other"));
        if (seen.length === 0) await client.kv.put({ key: "other", value: "newer" });
        seen.push([once, String(await transaction.get("other"))]);
      });
      const expected = {
        serializableSnapshot: [
          ["old", "old"],
          ["newer", "newer"],
        ],
        serializable: [
          ["old", "old"],
          ["newer", "newer"],
        ],
        repeatableReads: [
          ["new", "new"],
          ["newer", "newer"],
        ],
        readCommitted: [["new", "new"]],
      }[isolation];
      assert.deepEqual(seen, expected, isPinned ? "one revision" : "each key once");
    });
  }

  test("a revision that is compacted under it only means another attempt", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    await client.kv.put({ key: "read", value: "0" });
    const compact = async (): Promise<void> => {
      const { header } = await client.kv.put({ key: "other", value: "1" });
      await client.kv.compact({ revision: header?.revision ?? 0 });
    };
    const attempts = await interfere(client, {}, compact, async (transaction) => {
      transaction.put("sum", String(await transaction.get("other")));
    });
    assert.deepEqual([attempts, await read(client, "sum")], [2, "1"]);
  });

  test("prefetched keys are there at once; attempts, time and signal are limits", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    await client.kv.put({ key: "a", value: "1" });
    const options = { prefetch: ["a", "b"], attemptsMax: 2 };
    const { value } = await client.stm((transaction) => transaction.getAll(["b", "a"]), options);
    assert.deepEqual(value.map(String), ["undefined", "1"]);
    const hopeless = client.stm(async (transaction) => {
      await transaction.get("a");
      await client.kv.put({ key: "a" });
    }, options);
    await assert.rejects(hopeless, StmConflictError);
    const aborted = client.stm((transaction) => transaction.get("a"), {
      signal: AbortSignal.abort(),
    });
    await assert.rejects(aborted, (error: EtcdError) => error.is(EtcdErrors.contextCanceled));
  });

  test("money is neither made nor lost while members die one after the other", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const clients = [1, 2, 3].map(() => connect(t, cluster));
    const [client] = clients as [Client];
    const accounts = ["a", "b", "c", "d"];
    for (const key of accounts) await client.kv.put({ key, value: "100" });
    const state = { done: 0, isOver: false };
    const working = clients.map(async (each, i) => {
      for (let n = i; !state.isOver; n++) {
        const from = accounts[n % 4] ?? "";
        const to = accounts[(n + 1 + (n % 3)) % 4] ?? "";
        if (await isTransferred(each, from, to, 1 + (n % 5))) state.done++;
      }
    });
    for (const member of cluster.members) {
      const before = state.done;
      await waitFor(() => state.done > before + 5, "transfers");
      await member.kill();
      const without = state.done;
      await waitFor(() => state.done > without + 5, "transfers without a member");
      await cluster.startAll();
    }
    state.isOver = true;
    await Promise.all(working);
    const balances = await Promise.all(accounts.map((key) => read(client, key)));
    assert.equal(
      balances.map(Number).reduce((a, b) => a + b),
      400,
      balances.join(" "),
    );
  });
});

/** A commit with an unknown end may have happened or not: either way the sum stays. */
async function isTransferred(
  client: Client,
  from: string,
  to: string,
  amount: number,
): Promise<boolean> {
  try {
    await client.stm(async (transaction) => {
      const [source, target] = [await numberOf(transaction, from), await numberOf(transaction, to)];
      transaction.put(from, String(source - amount));
      transaction.put(to, String(target + amount));
    });
    return true;
  } catch (error) {
    assert.ok(error instanceof EtcdError && error.code === GrpcCode.Unavailable, String(error));
    return false;
  }
}
