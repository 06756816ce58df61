/** One peer's messages to us, on a connection that the peer dialled. */
import type { Socket } from "node:net";
import type { Clock, Timer } from "../env/env.ts";
import { decodeMessage } from "../raft/codec.ts";
import type { Message } from "../raft/messages.ts";
import { FrameReader, LINK_HEARTBEAT } from "./framing.ts";
import { LINK_HEARTBEAT_INTERVAL_MS, STREAM_READ_TIMEOUT_MS } from "./protocol.ts";

export interface IncomingStreamHandlers {
  /** The messages of one read, in the order sent. */
  readonly onMessages: (messages: Message[]) => void;
  /** The stream has ended; the reason is empty when the peer just closed it. */
  readonly onEnd: (reason: string) => void;
}

/**
 * Reads `socket` until it ends, falls silent, or sends what is no message. Answers with a heartbeat
 * every second, by which the peer can tell that the connection still works.
 */
export function readIncomingStream(
  socket: Socket,
  head: Buffer,
  clock: Clock,
  handlers: IncomingStreamHandlers,
): void {
  const reader = new FrameReader();
  let reason = "";
  const onChunk = (chunk: Buffer): void => {
    try {
      const messages = reader.push(chunk).map(decodeMessage);
      if (messages.length > 0) handlers.onMessages(messages);
    } catch (error) {
      // Whatever was wrong with these bytes, nothing after them can be trusted to start a frame.
      reason = `malformed peer message: ${String(error)}`;
      socket.destroy();
    }
  };
  socket.setNoDelay(true);
  socket.setTimeout(STREAM_READ_TIMEOUT_MS, () => {
    reason = "stream fell silent";
    socket.destroy();
  });
  socket.on("error", (error) => {
    reason = error.message;
  });
  let timer: Timer | undefined;
  const beat = (): void => {
    if (socket.writableLength === 0) socket.write(LINK_HEARTBEAT);
    timer = clock.setTimer(LINK_HEARTBEAT_INTERVAL_MS, beat);
  };
  beat();
  socket.once("close", () => {
    timer?.cancel();
    handlers.onEnd(reason);
  });
  socket.on("data", onChunk);
  if (head.length > 0) onChunk(head);
}
