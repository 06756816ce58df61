/** A client that says whatever a test wants, frame by frame, and remembers what it hears. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { FrameReader } from "../http2/frame-reader.ts";
import {
  encodeFrame,
  encodeSettings,
  Flag,
  FrameType,
  PREFACE,
  readUint32,
} from "../http2/frames.ts";
import { HpackDecoder } from "../http2/hpack/decoder.ts";
import { HpackEncoder, OutgoingField } from "../http2/hpack/encoder.ts";
import type { HeaderField } from "../http2/hpack/header-field.ts";

const FRAME_BYTES = 16_384;

export interface HeardFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
  /** Of HEADERS, decoded. */
  readonly fields: Readonly<Record<string, string>>;
}

export const GRPC_HEADERS: Readonly<Record<string, string>> = {
  ":method": "POST",
  ":scheme": "http",
  ":path": "/toy.Toy/Echo",
  ":authority": "localhost",
  "content-type": "application/grpc",
  te: "trailers",
};

/** A message with its prefix. */
export function grpcMessage(text: string | Uint8Array, flags = 0): Buffer {
  const bytes = Buffer.from(text as string);
  const prefix = Buffer.alloc(5);
  prefix[0] = flags;
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

export class RawClient {
  readonly socket: Socket;
  readonly frames: HeardFrame[] = [];
  /** Resolves when the connection is closed, by whomever. */
  readonly closed: Promise<void>;
  readonly #decoder = new HpackDecoder(4096);
  readonly #encoder = new HpackEncoder();
  readonly #waiting = new Set<() => void>();
  #isClosed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#isClosed = true;
        for (const check of [...this.#waiting]) check();
        resolve();
      });
    });
    const reader = new FrameReader({ onFrame: this.#heard.bind(this) }, 2 ** 24);
    socket.on("data", (chunk: Buffer) => reader.push(chunk));
  }

  /** Connects, and says preface and SETTINGS. */
  static async open(port: number, settings: [number, number][] = []): Promise<RawClient> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    return RawClient.greet(socket, settings);
  }

  /** Says preface and SETTINGS on a connection that is there. */
  static greet(socket: Socket, settings: [number, number][] = []): RawClient {
    const client = new RawClient(socket);
    client.write(Buffer.concat([PREFACE, encodeSettings(settings)]));
    return client;
  }

  write(bytes: Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  send(type: number, flags: number, streamId: number, payload: Uint8Array = Buffer.alloc(0)): void {
    this.write(encodeFrame(type, flags, streamId, payload));
  }

  block(headers: Readonly<Record<string, string>>): Buffer {
    const fields = Object.entries(headers).map(([name, value]) => new OutgoingField(name, value));
    const block = Buffer.alloc(this.#encoder.bound(fields));
    return block.subarray(0, this.#encoder.write(block, 0, fields));
  }

  /** HEADERS, and CONTINUATIONs if one frame is not enough. */
  headers(streamId: number, headers = GRPC_HEADERS, flags = 0): void {
    this.sendBlock(streamId, this.block(headers), flags);
  }

  sendBlock(streamId: number, block: Buffer, flags = 0): void {
    const frames: Buffer[] = [];
    for (let at = 0; at === 0 || at < block.length; at += FRAME_BYTES) {
      const type = at === 0 ? FrameType.HEADERS : FrameType.CONTINUATION;
      const last = at + FRAME_BYTES >= block.length ? Flag.END_HEADERS : 0;
      const part = block.subarray(at, at + FRAME_BYTES);
      frames.push(encodeFrame(type, (at === 0 ? flags : 0) | last, streamId, part));
    }
    this.write(Buffer.concat(frames));
  }

  data(streamId: number, payload: Uint8Array, isLast = true): void {
    this.send(FrameType.DATA, isLast ? Flag.END_STREAM : 0, streamId, payload);
  }

  /** A whole unary call. */
  call(streamId: number, text: string, headers = GRPC_HEADERS): void {
    this.headers(streamId, headers);
    this.data(streamId, grpcMessage(text));
  }

  /** The first frame, heard or to be heard, that matches; rejects when the connection ends without. */
  hear(matches: (frame: HeardFrame) => boolean): Promise<HeardFrame> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = this.frames.find(matches);
        if (found === undefined && !this.#isClosed) return;
        this.#waiting.delete(check);
        if (found !== undefined) resolve(found);
        else reject(new Error(`closed; heard ${this.summary()}`));
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** The fields of the last HEADERS of a stream, when it has ended. */
  async trailers(streamId: number): Promise<Readonly<Record<string, string>>> {
    const frame = await this.hear(
      (one) =>
        one.streamId === streamId &&
        one.type === FrameType.HEADERS &&
        (one.flags & Flag.END_STREAM) !== 0,
    );
    return frame.fields;
  }

  /** Code of the RST_STREAM of a stream. */
  async resetCode(streamId: number): Promise<number> {
    const frame = await this.hear(
      (one) => one.type === FrameType.RST_STREAM && one.streamId === streamId,
    );
    return readUint32(frame.payload, 0);
  }

  /** Code and debug data of the GOAWAY, once the connection is closed. */
  async goaway(): Promise<{ code: number; text: string }> {
    await this.closed;
    const { payload } = await this.hear((one) => one.type === FrameType.GOAWAY);
    return { code: readUint32(payload, 4), text: payload.toString("utf8", 8) };
  }

  /** Resolves when the server has handled all that was said, by a PING. */
  async settled(): Promise<void> {
    const token = Buffer.alloc(8);
    token.writeUInt32BE(this.frames.length + 1, 4);
    this.send(FrameType.PING, 0, 0, token);
    // The answer to a PING waits for company, that to SETTINGS does not.
    this.send(FrameType.SETTINGS, 0, 0);
    await this.hear((one) => one.type === FrameType.PING && token.equals(one.payload));
  }

  summary(): string {
    return this.frames.map(({ type, streamId }) => `${type}@${streamId}`).join(" ");
  }

  close(): Promise<void> {
    this.socket.destroy();
    return this.closed;
  }

  #heard(
    info: { type: number; flags: number; streamId: number },
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    const payload = Buffer.from(bytes.subarray(start, end));
    const fields: Record<string, string> = {};
    if (info.type === FrameType.HEADERS) {
      const add = ({ name, value }: HeaderField): void => {
        fields[name] = value;
      };
      this.#decoder.decode(payload, 0, payload.length, { add });
    }
    this.frames.push({ ...info, payload, fields });
    for (const check of [...this.#waiting]) check();
  }
}
