/** Tells HTTP/2 from HTTP/1 by the first bytes of a connection (RFC 9113, section 3.4). */
import type { Socket } from "node:net";
import { PREFACE } from "./frames.ts";

export interface PrefaceEvents {
  /** The client speaks HTTP/2; `rest` came behind the preface. */
  onHttp2(socket: Socket, rest: Buffer): void;
  /** It speaks something else, and this is what it said so far. */
  onOther(socket: Socket, bytes: Buffer): void;
}

/** Reads until it is known. The caller owns the socket's other events. */
export function readPreface(socket: Socket, events: PrefaceEvents): void {
  let bytes: Buffer = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const common = Math.min(bytes.length, PREFACE.length);
    const isPreface = bytes.compare(PREFACE, 0, common, 0, common) === 0;
    if (isPreface && common < PREFACE.length) return;
    socket.off("data", onData);
    if (isPreface) events.onHttp2(socket, bytes.subarray(PREFACE.length));
    else events.onOther(socket, bytes);
  };
  socket.on("data", onData);
}
