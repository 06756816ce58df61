import assert from "node:assert/strict";
import { test } from "node:test";
import { AlarmType, KeyValue } from "@kvorum/proto";
import fc from "fast-check";
import { decodeAlarm, encodeAlarm } from "./alarm-bucket.ts";
import { decodeAuth, encodeAuth } from "./auth-bucket.ts";
import { decodeDowngrade, encodeCluster, encodeDowngrade } from "./cluster-bucket.ts";
import {
  encodeRevisionKey,
  keyValueBytes,
  parseRevisionKey,
  tombstoneBytes,
} from "./key-bucket.ts";
import { decodeLease, encodeLease } from "./lease-bucket.ts";
import { encodeMemberKey, encodeRemovedMember, parseMemberKey } from "./member-bucket.ts";
import { decodeConfState, decodeUint64, encodeConfState, encodeMeta } from "./meta-bucket.ts";

const count = fc.maxSafeNat();
const id = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });

test("a revision key is etcd's, with a mark behind a tombstone's", () => {
  const key = encodeRevisionKey({ main: 258, sub: 3, isTombstone: false });
  assert.equal(key.toString("hex"), "0000000000000102" + "5f" + "0000000000000003");
  const tombstone = encodeRevisionKey({ main: 258, sub: 3, isTombstone: true });
  assert.equal(tombstone.toString("hex"), `${key.toString("hex")}74`);
});

test("revision keys survive the round trip, other bytes are none", () => {
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

test("the length of a record is known without its value", () => {
  const record = fc.record({
    key: fc.uint8Array({ maxLength: 300 }),
    createRevision: count,
    modRevision: count,
    version: fc.oneof(fc.nat(300), count),
    value: fc.uint8Array({ maxLength: 300 }),
    lease: fc.oneof(fc.constant(0n), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  });
  fc.assert(
    fc.property(record, (kv) => {
      const bytes = KeyValue.encode(KeyValue.create(kv)).length;
      assert.equal(keyValueBytes(kv, kv.key.length, kv.value.length), bytes);
      const tombstone = KeyValue.encode(KeyValue.create({ key: kv.key })).length;
      assert.equal(tombstoneBytes(kv.key.length), tombstone);
    }),
  );
});

test("a conf state keeps ids beyond 2^53", () => {
  const ids = fc.array(id, { maxLength: 4 });
  const states = fc.record(
    {
      voters: ids,
      learners: ids,
      votersOutgoing: ids,
      learnersNext: ids,
      autoLeave: fc.boolean(),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(states, (state) => {
      assert.deepEqual(decodeConfState(encodeConfState(state)), state);
    }),
  );
});

test("meta leaves out what is not known yet and is ordered by key", () => {
  const confState = {
    voters: [1n],
    learners: [],
    votersOutgoing: [],
    learnersNext: [],
    autoLeave: false,
  };
  const entries = encodeMeta({
    consistentIndex: 77,
    term: 3,
    confState,
    storageVersion: "3.7.0",
    scheduledCompactRev: 9,
    finishedCompactRev: undefined,
  });
  const names = entries.map(({ key }) => Buffer.from(key).toString());
  assert.deepEqual(names, [
    "confState",
    "consistent_index",
    "scheduledCompactRev",
    "storageVersion",
    "term",
  ]);
  assert.equal(decodeUint64(entries[1]!.value), 77n);
});

test("leases survive the round trip", () => {
  const leases = fc.record(
    {
      id: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
      ttlSeconds: count,
      remainingTtlSeconds: count,
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(leases, (lease) => assert.deepEqual(decodeLease(encodeLease(lease).value), lease)),
  );
});

test("an alarm is all key", () => {
  const alarm = { memberID: 2n ** 63n + 5n, alarm: AlarmType.NOSPACE };
  const { key, value } = encodeAlarm(alarm);
  assert.equal(value.length, 0);
  assert.deepEqual(decodeAlarm(key), alarm);
});

test("member keys are hexadecimal without leading zeros", () => {
  assert.equal(encodeMemberKey(0xabcn).toString(), "abc");
  assert.equal(parseMemberKey(Buffer.from("abc")), 0xabcn);
  assert.equal(parseMemberKey(Buffer.from("xyz")), undefined);
  assert.equal(Buffer.from(encodeRemovedMember(1n).value).toString(), "removed");
});

test("cluster and auth records are etcd's", () => {
  const downgrade = { targetVersion: "3.6.0", enabled: true };
  assert.equal(encodeDowngrade(downgrade), '{"target-version":"3.6.0","enabled":true}');
  assert.deepEqual(decodeDowngrade(encodeDowngrade(downgrade)), downgrade);
  assert.equal(encodeCluster({ clusterVersion: undefined, downgrade: undefined }).length, 0);
  const auth = { enabled: true, revision: 12 };
  assert.deepEqual(decodeAuth(encodeAuth(auth)), auth);
  assert.deepEqual(decodeAuth([]), { enabled: false, revision: 0 });
});
