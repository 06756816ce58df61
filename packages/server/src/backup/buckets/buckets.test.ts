import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeAuth } from "./auth-bucket.ts";
import { encodeRevisionKey, parseRevisionKey } from "./key-bucket.ts";
import { encodeMeta } from "./meta-bucket.ts";

test("a revision key is etcd's, with a mark behind a tombstone's", () => {
  const key = encodeRevisionKey({ main: 258, sub: 3, isTombstone: false });
  assert.equal(key.toString("hex"), "0000000000000102" + "5f" + "0000000000000003");
  const tombstone = encodeRevisionKey({ main: 258, sub: 3, isTombstone: true });
  assert.equal(tombstone.toString("hex"), `${key.toString("hex")}74`);
});

test("revision keys survive the round trip, other bytes are none", () => {
  const count = fc.maxSafeNat();
  fc.assert(
    fc.property(count, count, fc.boolean(), (main, sub, isTombstone) => {
      const revision = { main, sub, isTombstone };
      assert.deepEqual(parseRevisionKey(encodeRevisionKey(revision)), revision);
    }),
  );
  assert.equal(parseRevisionKey(Buffer.alloc(17)), undefined);
  assert.equal(parseRevisionKey(Buffer.alloc(16, 0x5f)), undefined);
  assert.equal(parseRevisionKey(Buffer.alloc(17, 0x5f)), undefined, "negative in etcd");
});

test("meta is etcd's, ordered by key and without what is not known yet", () => {
  const entries = encodeMeta({
    consistentIndex: 77,
    term: 3,
    confState: {
      voters: [2n ** 64n - 1n, 5n],
      learners: [7n],
      votersOutgoing: [],
      learnersNext: [],
      autoLeave: false,
    },
    storageVersion: "3.7.0",
    scheduledCompactRev: 9,
    finishedCompactRev: undefined,
  });
  assert.deepEqual(
    entries.map(({ key, value }) => [
      Buffer.from(key).toString(),
      Buffer.from(value).toString("latin1"),
    ]),
    [
      ["confState", '{"voters":[18446744073709551615,5],"learners":[7],"auto_leave":false}'],
      ["consistent_index", "\0\0\0\0\0\0\0M"],
      ["scheduledCompactRev", "\0\0\0\0\0\0\0\t_\0\0\0\0\0\0\0\0"],
      ["storageVersion", "3.7.0"],
      ["term", "\0\0\0\0\0\0\0\x03"],
    ],
  );
});

test("auth is a flag and a revision", () => {
  const values = encodeAuth({ enabled: true, revision: 12 }).map(({ key, value }) => [
    Buffer.from(key).toString(),
    Buffer.from(value).toString("hex"),
  ]);
  assert.deepEqual(values, [
    ["authEnabled", "01"],
    ["authRevision", "000000000000000c"],
  ]);
});
