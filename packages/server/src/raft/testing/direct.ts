/** For tests that talk to one member directly, in the place of all others. */
import { createMessage, type Entry, type Message, type MessageType } from "../messages.ts";
import { handleReady, type Member } from "./test-cluster.ts";

/** A message to member 1 from `from`, in `term`, with `fields` set. */
export function messageFrom(
  from: number,
  type: MessageType,
  term: number,
  fields: Partial<Message> = {},
): Message {
  const message = createMessage(type, 1n);
  message.from = BigInt(from);
  message.term = term;
  return Object.assign(message, fields);
}

/** Steps a message, does the work that follows, and returns what is sent. */
export function exchange(member: Member, message: Message): Message[] {
  member.raw.step(message);
  return drain(member);
}

export function drain(member: Member): Message[] {
  const sent: Message[] = [];
  while (member.raw.hasReady()) {
    sent.push(...handleReady(member));
  }
  return sent;
}

/** Consecutive entries of the given terms, the first one at `first`. */
export function entriesOf(first: number, terms: readonly number[]): Entry[] {
  return terms.map((term, at) => ({
    term,
    index: first + at,
    type: "EntryNormal",
    data: Buffer.from(`${term}/${first + at}`),
  }));
}

/** Terms of a member's whole log, unstable tail included, from its first entry on. */
export function logTerms({ raw }: Member): number[] {
  const { log } = raw.raft;
  return log.entries(log.firstIndex(), Number.POSITIVE_INFINITY).map(({ term }) => term);
}
