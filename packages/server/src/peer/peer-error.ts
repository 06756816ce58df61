/** How an error crosses the peer port: gRPC code and text in a JSON body. */
import { EtcdError, GrpcCode } from "@kvorum/proto";
import type { PeerReply } from "./peer-client.ts";

const STATUS_OK = 200;

export function encodePeerError(error: unknown): string {
  const code = error instanceof EtcdError ? error.code : GrpcCode.Unknown;
  return JSON.stringify({ code, message: error instanceof Error ? error.message : String(error) });
}

/** The body of a good answer; throws the EtcdError that a bad one carries. */
export function bodyOrThrow(reply: PeerReply): Buffer {
  if (reply.status === STATUS_OK) return reply.body;
  const text = reply.body.toString();
  throw (
    decodePeerError(text) ??
    new EtcdError(GrpcCode.Unknown, `peer answered ${reply.status}: ${text}`)
  );
}

function decodePeerError(text: string): EtcdError | undefined {
  if (!text.startsWith("{")) return undefined;
  const fields = JSON.parse(text) as { code?: unknown; message?: unknown };
  if (typeof fields.code !== "number" || typeof fields.message !== "string") return undefined;
  return new EtcdError(fields.code, fields.message);
}
