/**
 * One session of a client that has gone mad, against a server in this process: well-formed frames, some
 * of them bent, cut anywhere. The server may answer, refuse or hang up; it may not throw, keep a call
 * open, or send what is no HTTP/2.
 */
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { gzipSync } from "node:zlib";
import { Prng } from "../../lib/prng.ts";
import { FrameReader } from "../http2/frame-reader.ts";
import { encodeFrame, encodeSettings, Flag, FrameType, PREFACE } from "../http2/frames.ts";
import { HpackDecoder } from "../http2/hpack/decoder.ts";
import { HpackEncoder, OutgoingField } from "../http2/hpack/encoder.ts";
import { RpcServer } from "../server.ts";
import { bidi, serverStream, unary } from "../service.ts";
import { RpcError } from "../status.ts";
import { ManualClock } from "../../env/testing/manual-clock.ts";
import { GRPC_HEADERS, grpcMessage } from "./raw-client.ts";
import { Toy } from "./toy-service.ts";

const METHODS = [
  unary(Toy.echo, (request) => (request.length % 3 === 0 ? Promise.resolve(request) : request)),
  serverStream(Toy.count, (request, _call, sink) => {
    for (let index = 0; index < 5; index++) sink.write(request);
    sink.end();
  }),
  bidi(Toy.chat, (_call, sink) => ({
    onMessage: (request) => {
      sink.write(request);
    },
    onEnd: () => sink.end(),
  })),
];
const PATHS = [Toy.echo.path, Toy.count.path, Toy.chat.path, "/toy.Toy/Nope", "nonsense"];

/** The server's end of a connection that is no socket. */
class FakeSocket extends Duplex {
  readonly remoteAddress = "10.0.0.1";
  readonly remotePort = 1;
  bytesWritten = 0;
  readonly #reader: FrameReader;

  constructor(onFrame: (type: number, payload: Buffer) => void) {
    super();
    this.#reader = new FrameReader(
      { onFrame: ({ type }, bytes, start, end) => onFrame(type, bytes.subarray(start, end)) },
      2 ** 14,
    );
  }

  override _read(): void {
    return undefined;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.bytesWritten += chunk.length;
    this.#reader.push(Buffer.from(chunk));
    done();
  }

  destroySoon(): void {
    this.destroy();
  }
}

class Script {
  readonly #random: Prng;
  readonly #encoder = new HpackEncoder();
  #nextId = 1;

  constructor(random: Prng) {
    this.#random = random;
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#random.nextInt(items.length)]!;
  }

  #someId(): number {
    return Math.max(0, this.#nextId - this.#random.nextInt(9));
  }

  #noise(lengthMax: number): Buffer {
    return Buffer.from(this.#random.bytes(this.#random.nextInt(lengthMax + 1)));
  }

  #block(): Buffer {
    const headers = { ...GRPC_HEADERS, ":path": this.#pick(PATHS) };
    const fields = Object.entries(headers).map(([name, value]) => new OutgoingField(name, value));
    if (this.#random.nextInt(4) === 0) fields.push(new OutgoingField("grpc-timeout", "5S"));
    if (this.#random.nextInt(8) === 0) fields.push(new OutgoingField("grpc-encoding", "gzip"));
    if (this.#random.nextInt(16) === 0) fields.push(this.#longField());
    const block = Buffer.alloc(this.#encoder.bound(fields));
    return block.subarray(0, this.#encoder.write(block, 0, fields));
  }

  /** Some are over the limit. */
  #longField(): OutgoingField {
    return new OutgoingField("x-long", "v".repeat(this.#random.nextInt(90_000)));
  }

  /** A block in frames of random sizes. */
  #headers(id: number): Buffer[] {
    const block = this.#block();
    const frames: Buffer[] = [];
    for (let at = 0; at === 0 || at < block.length; ) {
      const length = this.#random.nextInt(4) === 0 ? this.#random.nextInt(16_384) : 16_384;
      const type = at === 0 ? FrameType.HEADERS : FrameType.CONTINUATION;
      const part = block.subarray(at, at + Math.max(1, length));
      at += part.length;
      frames.push(encodeFrame(type, at >= block.length ? Flag.END_HEADERS : 0, id, part));
    }
    return frames;
  }

  /** One or two messages, flagged as compressed now and then, gzip or not. */
  #body(): Buffer {
    const message = (): Buffer => {
      const noise = this.#noise(300);
      const isGzipped = this.#random.nextInt(3) === 0;
      const flags = this.#random.nextInt(6) === 0 ? 1 : 0;
      return grpcMessage(isGzipped ? gzipSync(noise) : noise, flags);
    };
    return this.#random.nextInt(6) === 0 ? Buffer.concat([message(), message()]) : message();
  }

  #call(): Buffer[] {
    const id = this.#nextId;
    this.#nextId += 2;
    const headers = this.#headers(id);
    const body = this.#body();
    const middle = this.#random.nextInt(body.length);
    const last = this.#random.nextInt(5) === 0 ? 0 : Flag.END_STREAM;
    return [
      ...headers,
      encodeFrame(FrameType.DATA, 0, id, body.subarray(0, middle)),
      encodeFrame(FrameType.DATA, last, id, body.subarray(middle)),
    ];
  }

  #frame(): Buffer[] {
    switch (this.#random.nextInt(9)) {
      case 0:
        return [encodeFrame(FrameType.PING, this.#random.nextInt(2), 0, Buffer.alloc(8))];
      case 1:
        return [encodeFrame(FrameType.RST_STREAM, 0, this.#someId(), Buffer.from([0, 0, 0, 8]))];
      case 2:
        return [encodeFrame(FrameType.WINDOW_UPDATE, 0, this.#someId(), Buffer.from([0, 0, 1, 0]))];
      case 3:
        return [encodeSettings([[1 + this.#random.nextInt(7), this.#random.nextInt(2 ** 17)]])];
      case 4: {
        const type = this.#random.nextInt(12);
        return [encodeFrame(type, this.#random.nextInt(256), this.#someId(), this.#noise(40))];
      }
      default:
        return this.#call();
    }
  }

  /** Frames of a whole session, some of them bent; returned with whether any is. */
  frames(): Buffer[] {
    const count = 1 + this.#random.nextInt(20);
    const frames = Array.from({ length: count }, () => this.#frame()).flat();
    const bends = this.#random.nextInt(4);
    for (let bend = 0; bend < bends; bend++) this.#bend(frames);
    return frames;
  }

  #bend(frames: Buffer[]): void {
    const at = this.#random.nextInt(frames.length);
    const frame = frames[at]!;
    switch (this.#random.nextInt(5)) {
      case 0:
        frames.splice(at, 1, frame, frame);
        break;
      case 1:
        if (frames.length > 1) frames.splice(at, 1);
        break;
      case 2:
        frames[at] = frame.subarray(0, this.#random.nextInt(frame.length + 1));
        break;
      default: {
        const bent = Buffer.from(frame);
        bent[this.#random.nextInt(bent.length)]! ^= 1 << this.#random.nextInt(8);
        frames[at] = bent;
      }
    }
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs the session of a seed; rejects when the server did what it must not. */
export async function runFuzzSession(seed: number): Promise<void> {
  const random = new Prng(BigInt(seed));
  const clock = new ManualClock();
  const server = new RpcServer({
    clock,
    methods: METHODS,
    interceptors: [],
    receiveBytesMax: 64 * 1024,
    concurrentStreamsMax: 8,
    keepaliveIntervalMs: 0,
    keepaliveTimeoutMs: 0,
    stopStatus: new RpcError(14, "server stopped"),
  });
  const decoder = new HpackDecoder(4096);
  const socket = new FakeSocket((type, payload) => {
    if (type !== FrameType.HEADERS) return;
    decoder.decode(payload, 0, payload.length, {
      add: ({ kind }) => assert.ok(kind !== undefined),
    });
  });
  server.accept(socket as unknown as Socket);
  const bytes = Buffer.concat([PREFACE, encodeSettings([]), ...new Script(random).frames()]);
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random.nextInt(random.nextInt(3) === 0 ? 20 : 4000);
    if (!socket.destroyed) socket.push(bytes.subarray(at, at + length));
    at += length;
    if (random.nextInt(4) === 0) await turn();
  }
  await turn();
  await turn();
  assert.ok(socket.bytesWritten > 0, "the server said nothing");
  socket.destroy();
  await turn();
  assert.equal(server.openCalls, 0, "calls are open without a connection");
  assert.equal(server.keptBytes, 0, "bytes are kept for nobody");
  const stopped = server.stop(0);
  clock.advance(10_000);
  await stopped;
}
