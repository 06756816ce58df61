import assert from "node:assert/strict";
import { test } from "node:test";
import { Event, KeyValue } from "@kvorum/proto";
import { ageText, DELETED_SHOWN_MS, displayText, LiveRows } from "./live-rows.ts";

const pair = (key: string, value: string, modRevision: number): KeyValue =>
  KeyValue.create({ key: Buffer.from(key), value: Buffer.from(value), modRevision, version: 1 });
const put = (key: string, value: string, revision: number): Event =>
  Event.create({ kv: pair(key, value, revision) });
const del = (key: string, revision: number): Event =>
  Event.create({ type: 1, kv: pair(key, "", revision) });
const keys = (rows: LiveRows, now: number): string[] => rows.visible(now).map(({ key }) => key);

test("the last change is on top", () => {
  const rows = new LiveRows();
  rows.load([pair("a", "1", 2), pair("b", "1", 3)], 7);
  assert.deepEqual(keys(rows, 0), ["b", "a"]);
  assert.equal(rows.revision, 7);
  rows.apply([put("a", "2", 8)], 1_000);
  assert.deepEqual(keys(rows, 1_000), ["a", "b"]);
  assert.equal(rows.revision, 8);
  assert.equal(rows.visible(1_000)[0]?.value, "2");
});

test("a deleted key is shown for a moment with the value it had, and counts no more", () => {
  const rows = new LiveRows();
  rows.load([pair("a", "1", 2)], 2);
  rows.apply([del("a", 3)], 1_000);
  const [row] = rows.visible(1_000 + DELETED_SHOWN_MS - 1);
  assert.deepEqual([row?.isDeleted, row?.value], [true, "1"]);
  assert.equal(rows.keyCount, 0);
  assert.deepEqual(keys(rows, 1_000 + DELETED_SHOWN_MS), []);
});

test("a key that comes back is a key again", () => {
  const rows = new LiveRows();
  rows.apply([put("a", "1", 2), del("a", 3), put("a", "2", 4)], 0);
  assert.equal(rows.keyCount, 1);
  assert.deepEqual(keys(rows, DELETED_SHOWN_MS * 2), ["a"]);
});

test("what is no plain text is quoted", () => {
  assert.equal(displayText(Buffer.from("plain text ключ")), "plain text ключ");
  assert.equal(displayText(Buffer.from("two\nlines")), String.raw`"two\nlines"`);
  assert.equal(displayText(Uint8Array.of(0xff)), String.raw`"\xff"`);
});

test("ages", () => {
  const cases: readonly (readonly [number | undefined, string])[] = [
    [undefined, "before"],
    [999_500, "now"],
    [940_000, "1m"],
    [988_000, "12s"],
    [-9_000_000, "2h"],
    [-200_000_000, "2d"],
  ];
  for (const [at, text] of cases) assert.equal(ageText(at, 1_000_000), text);
});
