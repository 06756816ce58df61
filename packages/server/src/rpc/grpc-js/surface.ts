/** The parts of @grpc/grpc-js calls that are used, whatever their kind. */
import {
  Metadata,
  type ServerInterceptingCall,
  type ServerInterceptor,
  status,
} from "@grpc/grpc-js";
import { type RpcError, StatusCode } from "../status.ts";

/** Common to the library's four kinds of call. */
export interface LibraryCall {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  getPeer(): string;
  getDeadline(): Date | number;
  sendMetadata(metadata: Metadata): void;
  on(event: "cancelled", listener: () => void): unknown;
}

/** A call whose responses are a stream. */
export interface LibraryWriter extends LibraryCall {
  write(bytes: Buffer, written: () => void): boolean;
  end(): void;
  emit(event: "error", error: LibraryStatus): boolean;
}

export interface LibraryStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

export function toLibraryStatus(error: RpcError): LibraryStatus {
  // Going through UTF-8 replaces lone surrogates, which the library's percent-encoding throws on.
  const details = Buffer.from(error.message, "utf8").toString("utf8");
  return { code: error.code, details, metadata: new Metadata() };
}

export function toBuffer(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const TOO_LARGE = /^Received message larger than max \((\d+) vs\.? (\d+)\)$/;
const INFLATED = /^Received message that decompresses to a size larger than (\d+)$/;

/** The library's own texts in the words of the Go server that clients know. */
function translate(code: number, details: string): string {
  if (code === StatusCode.ResourceExhausted) {
    const match = TOO_LARGE.exec(details);
    if (match !== null) {
      return `grpc: received message larger than max (${match[1]} vs. ${match[2]})`;
    }
    const inflated = INFLATED.exec(details);
    if (inflated !== null) {
      return `grpc: received message after decompression larger than max ${inflated[1]}`;
    }
  }
  if (code === StatusCode.DeadlineExceeded && details === "Deadline exceeded") {
    return "context deadline exceeded";
  }
  return details;
}

/** Sees every status a call ends with, those that the library gives by itself included. */
export const translateStatus: ServerInterceptor = (_method, call) => {
  const send = call.sendStatus.bind(call);
  call.sendStatus = (given) => {
    const details = translate(given.code ?? status.UNKNOWN, given.details ?? "");
    send({ ...given, details });
  };
  return call as unknown as ServerInterceptingCall;
};
