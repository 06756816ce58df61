import type { ResponseSink } from "../service.ts";
import type { RpcError } from "../status.ts";
import type { GrpcJsCall } from "./call.ts";
import { type LibraryWriter, toBuffer, toLibraryStatus } from "./surface.ts";

/** The responses of one streaming call, counted until the socket has taken them. */
export class GrpcJsSink implements ResponseSink<unknown> {
  readonly #writer: LibraryWriter;
  readonly #call: GrpcJsCall;
  readonly #encode: (message: unknown) => Uint8Array;
  readonly #bytesMax: number;
  #bufferedBytes = 0;
  #mustDrain = false;
  #drained: () => void = () => undefined;

  constructor(
    writer: LibraryWriter,
    call: GrpcJsCall,
    options: { encode: (message: unknown) => Uint8Array; bytesMax: number },
  ) {
    this.#writer = writer;
    this.#call = call;
    this.#encode = options.encode;
    this.#bytesMax = options.bytesMax;
    call.terminate = (error) => this.#close(error);
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  get isWritable(): boolean {
    return this.#call.isOpen && !this.#mustDrain;
  }

  write(message: unknown): boolean {
    return this.#call.isOpen && this.writeEncoded(this.#encode(message));
  }

  writeEncoded(bytes: Uint8Array): boolean {
    if (!this.#call.isOpen) return false;
    this.#bufferedBytes += bytes.length;
    if (this.#bufferedBytes >= this.#bytesMax) this.#mustDrain = true;
    this.#writer.write(toBuffer(bytes), () => this.#written(bytes.length));
    return !this.#mustDrain;
  }

  onDrain(listener: () => void): void {
    this.#drained = listener;
  }

  end(error?: RpcError): void {
    if (this.#call.finish(error)) this.#close(error);
  }

  #close(error: RpcError | undefined): void {
    if (error === undefined) this.#writer.end();
    else this.#writer.emit("error", toLibraryStatus(error));
  }

  #written(length: number): void {
    this.#bufferedBytes -= length;
    if (!this.#mustDrain || this.#bufferedBytes > this.#bytesMax / 2) return;
    this.#mustDrain = false;
    if (this.#call.isOpen) this.#drained();
  }
}
