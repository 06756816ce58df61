/**
 * Fewer messages that say as much. A leader answers each proposal that it is handed and each index that
 * becomes committed with messages of their own; those of one turn leave together anyway, and each
 * would cost its receiver a pass through the core and an answer.
 *
 * To lose a message is always allowed, so an acknowledgement that a later one includes is left out.
 * The order of what one receiver gets stays.
 */
import { payloadsSize } from "./log/entry-size.ts";
import { createMessage, type Message, type NodeId } from "./messages.ts";

/** The message of each receiver that came last, and the payload of its entries. */
interface Last {
  place: number;
  bytes: number;
}

/** Appends are not joined to more than `bytesMax` of payload. The messages given stay as they are. */
export function coalesceMessages(messages: readonly Message[], bytesMax: number): Message[] {
  const coalesced: Message[] = [];
  const lastTo = new Map<NodeId, Last>();
  for (const message of messages) {
    const last = lastTo.get(message.to);
    const bytes = payloadsSize(message.entries);
    const joined =
      last === undefined || last.bytes + bytes > bytesMax
        ? undefined
        : tryJoin(coalesced[last.place]!, message);
    if (last === undefined || joined === undefined) {
      lastTo.set(message.to, { place: coalesced.push(message) - 1, bytes });
    } else {
      coalesced[last.place] = joined;
      last.bytes += bytes;
    }
  }
  return coalesced;
}

function tryJoin(first: Message, second: Message): Message | undefined {
  if (first.type !== second.type || first.term !== second.term) return undefined;
  if (isParticular(first) || isParticular(second)) return undefined;
  if (first.type === "MsgAppResp") return second.index >= first.index ? second : undefined;
  if (first.type !== "MsgApp" || second.index !== first.index + first.entries.length) {
    return undefined;
  }
  const joined = createMessage("MsgApp", first.to);
  joined.from = first.from;
  joined.term = first.term;
  joined.logTerm = first.logTerm;
  joined.index = first.index;
  joined.entries = [...first.entries, ...second.entries];
  joined.commit = Math.max(first.commit, second.commit);
  return joined;
}

/** It says more than which entries there are. */
function isParticular({ reject, context, snapshot }: Message): boolean {
  return reject || context.length > 0 || snapshot !== undefined;
}
