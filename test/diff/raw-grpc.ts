/**
 * gRPC by hand over node:http2: frames, headers and trailers as the server sent them, with nothing
 * in between that retries, fills in or smooths over.
 */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";

const PREFIX_BYTES = 5;
/** More than any answer: flow control must not decide when events come. */
const WINDOW_BYTES = 64 * 1024 * 1024;

/** How a call ended, as the server said it. */
export interface CallEnd {
  /** grpc-status, or what happened instead. */
  readonly code: number | string;
  readonly text: string;
}

/** A message as gRPC frames it. */
export function frame(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

type Headers = Readonly<Record<string, string | string[] | number | undefined>>;

const first = (value: string | string[] | number | undefined): string =>
  String(Array.isArray(value) ? value[0] : (value ?? ""));

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** One call under way. Messages and the end arrive in order. */
export class RawCall {
  readonly #stream: ClientHttp2Stream;
  #rest: Buffer = Buffer.alloc(0);
  #status = 0;
  #trailers: Headers = {};
  #onMessage: (message: Buffer) => void;
  readonly ended: Promise<CallEnd>;

  constructor(stream: ClientHttp2Stream, onMessage: (message: Buffer) => void) {
    this.#stream = stream;
    this.#onMessage = onMessage;
    stream.on("response", (headers) => {
      this.#status = headers[":status"] ?? 0;
      if (headers["grpc-status"] !== undefined) this.#trailers = headers;
    });
    stream.on("trailers", (headers) => {
      this.#trailers = headers;
    });
    stream.on("data", (chunk: Buffer) => this.#take(chunk));
    stream.on("error", () => undefined); // "close" follows, and tells the code
    this.ended = new Promise((resolve) => stream.once("close", () => resolve(this.#end())));
  }

  send(message: Uint8Array): void {
    this.write(frame(message));
  }

  /** Sends bytes as they are, whatever frames they make. */
  write(bytes: Uint8Array): void {
    if (!this.#stream.destroyed) this.#stream.write(bytes);
  }

  /** No more requests; answers may still come. */
  halfClose(): void {
    if (!this.#stream.destroyed) this.#stream.end();
  }

  cancel(): void {
    this.#stream.close(constants.NGHTTP2_CANCEL);
  }

  #take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= PREFIX_BYTES) {
      const end = PREFIX_BYTES + this.#rest.readUInt32BE(1);
      if (this.#rest.length < end) return;
      this.#onMessage(this.#rest.subarray(PREFIX_BYTES, end));
      this.#rest = this.#rest.subarray(end);
    }
  }

  #end(): CallEnd {
    const status = this.#trailers["grpc-status"];
    if (status !== undefined) {
      const text = percentDecoded(first(this.#trailers["grpc-message"]));
      return { code: Number(first(status)), text };
    }
    const reset = `reset ${this.#stream.rstCode}`;
    if (this.#stream.session?.destroyed !== false && this.#status === 0) {
      return { code: "connection lost", text: "" };
    }
    return { code: this.#status === 0 ? reset : `HTTP ${this.#status}, ${reset}`, text: "" };
  }
}

/** A connection to one server. */
export class RawChannel {
  readonly #authority: string;
  readonly #connections: ClientHttp2Session[] = [];

  constructor(authority: string) {
    this.#authority = authority;
  }

  open(
    path: string,
    metadata: Readonly<Record<string, string>>,
    onMessage: (message: Buffer) => void,
  ): RawCall {
    const stream = this.#connection().request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...metadata,
    });
    return new RawCall(stream, onMessage);
  }

  /** Some requests cost the whole connection; the next call then opens another. */
  #connection(): ClientHttp2Session {
    const last = this.#connections.at(-1);
    if (last !== undefined && !last.closed && !last.destroyed) return last;
    const settings = { initialWindowSize: WINDOW_BYTES };
    const connection = connect(`http://${this.#authority}`, { settings });
    connection.on("connect", () => connection.setLocalWindowSize(WINDOW_BYTES));
    connection.on("error", () => undefined); // its calls say that the connection is lost
    this.#connections.push(connection);
    return connection;
  }

  close(): void {
    for (const connection of this.#connections) connection.destroy();
  }
}
