import type { ServiceError } from "@grpc/grpc-js";
import { EtcdErrors } from "../error-codes.ts";
import { EtcdError } from "../etcd-error.ts";
import { GrpcCode } from "../grpc-status.ts";

/**
 * What grpc-js says when a call ends without an answer of a server, in the words of Go's gRPC,
 * which scripts and people know; what a server says is left alone.
 */
export function toEtcdError(error: unknown): EtcdError {
  if (error instanceof EtcdError) {
    return error;
  }
  const { code, details } = error as Partial<ServiceError>;
  if (typeof code !== "number") {
    return new EtcdError(GrpcCode.Unknown, String(error), { cause: error });
  }
  const text = details ?? "";
  if (code === GrpcCode.DeadlineExceeded && text.startsWith("Deadline exceeded after")) {
    return EtcdError.from(EtcdErrors.contextDeadlineExceeded, { cause: error });
  }
  if (code === GrpcCode.Canceled && text === "Cancelled on client") {
    return EtcdError.from(EtcdErrors.contextCanceled, { cause: error });
  }
  const received = /^Received message larger than max \((\d+) vs (\d+)\)/.exec(text);
  if (received !== null) {
    const [, size, max] = received;
    const message = `grpc: received message larger than max (${size} vs. ${max})`;
    return new EtcdError(code, message, { cause: error });
  }
  const sent = /^Attempted to send message with a size larger than (\d+)/.exec(text);
  const tooLarge = sent === null ? text : `trying to send message larger than max (${sent[1]})`;
  return new EtcdError(code, tooLarge, { cause: error });
}

/** Turns the reason a server gives for canceling a watch back into the error it was made from. */
export function parseCancelReason(reason: string): EtcdError {
  const rpc = /^rpc error: code = (\w+) desc = (.*)$/s.exec(reason);
  if (rpc !== null) {
    const code = (GrpcCode as Record<string, number>)[rpc[1] as string] ?? GrpcCode.Unknown;
    return new EtcdError(code, rpc[2] as string);
  }
  const known = Object.values(EtcdErrors).find((entry) => entry.message === reason);
  return new EtcdError(known?.code ?? GrpcCode.Unknown, reason || "watch canceled by the server");
}
