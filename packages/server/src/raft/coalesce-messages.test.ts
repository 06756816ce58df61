import assert from "node:assert/strict";
import { test } from "node:test";
import { coalesceMessages } from "./coalesce-messages.ts";
import { createMessage, type Entry, type Message, type MessageType } from "./messages.ts";

const NO_LIMIT = Number.POSITIVE_INFINITY;

function message(type: MessageType, to: bigint, fields: Partial<Message>): Message {
  return Object.assign(createMessage(type, to), { from: 1n, term: 3 }, fields);
}

function entries(first: number, last: number, bytes = 1): Entry[] {
  return Array.from({ length: last - first + 1 }, (_, at) => ({
    term: 3,
    index: first + at,
    type: "EntryNormal",
    data: Buffer.alloc(bytes),
  }));
}

/** An append of the entries behind `index` up to `last`. */
function append(to: bigint, index: number, last: number, fields: Partial<Message> = {}): Message {
  return message("MsgApp", to, { index, logTerm: 2, entries: entries(index + 1, last), ...fields });
}

test("appends of one turn to one follower become one, with the last commit index", () => {
  const given = [
    append(2n, 10, 12, { commit: 8 }),
    append(3n, 10, 12, { commit: 8 }),
    append(2n, 12, 12, { commit: 11 }),
    append(3n, 12, 15, { commit: 9 }),
    append(2n, 12, 14, { commit: 11, logTerm: 3 }),
  ];
  assert.deepEqual(coalesceMessages(given, NO_LIMIT), [
    append(2n, 10, 14, { commit: 11 }),
    append(3n, 10, 15, { commit: 9 }),
  ]);
  assert.deepEqual(
    given.map((one) => one.entries.length),
    [2, 2, 0, 3, 2],
    "what was given stays as it is",
  );
});

test("appends that do not follow each other stay apart, and so do long ones", () => {
  const apart: Message[][] = [
    [append(2n, 10, 12), append(2n, 13, 14)],
    [append(2n, 10, 12), append(2n, 10, 12)],
    [append(2n, 10, 12), append(2n, 12, 14, { term: 4 })],
    [append(2n, 10, 12), message("MsgHeartbeat", 2n, {}), append(2n, 12, 14)],
  ];
  for (const given of apart) assert.deepEqual(coalesceMessages(given, NO_LIMIT), given);
  const long = [append(2n, 10, 12), append(2n, 12, 14), append(2n, 14, 15)];
  assert.deepEqual(coalesceMessages(long, 4), [append(2n, 10, 14), append(2n, 14, 15)]);
});

test("of acknowledgements the last says all, but for refusals", () => {
  const ack = (index: number, fields: Partial<Message> = {}): Message =>
    message("MsgAppResp", 2n, { index, ...fields });
  assert.deepEqual(coalesceMessages([ack(5), ack(7), ack(7), ack(9)], NO_LIMIT), [ack(9)]);
  const apart: Message[][] = [
    [ack(7), ack(5)],
    [ack(5), ack(7, { term: 4 })],
    [ack(5), ack(7, { reject: true, rejectHint: 4 }), ack(9)],
  ];
  for (const given of apart) assert.deepEqual(coalesceMessages(given, NO_LIMIT), given);
});

test("nothing else is joined", () => {
  const context = Buffer.from("c");
  const given = [
    message("MsgHeartbeat", 2n, { context }),
    message("MsgHeartbeat", 2n, { context }),
    message("MsgProp", 2n, { entries: entries(0, 0) }),
    message("MsgProp", 2n, { entries: entries(0, 0) }),
    append(3n, 10, 12),
    append(4n, 12, 14),
  ];
  assert.deepEqual(coalesceMessages(given, NO_LIMIT), given);
});
