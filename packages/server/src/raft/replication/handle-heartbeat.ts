import { createMessage, type Message } from "../messages.ts";
import type { Raft } from "../raft.ts";

/** The context goes back as it came: it is the leader's mark of the reads this confirms. */
export function handleHeartbeat(raft: Raft, message: Message): void {
  raft.log.commitTo(message.commit);
  const response = createMessage("MsgHeartbeatResp", message.from);
  response.context = message.context;
  raft.send(response);
}
