/** A connection without a kernel in between: what one end writes stays with it while the wire is held. */
import { Duplex } from "node:stream";
import type { Socket } from "node:net";

export class HeldSocket extends Duplex {
  readonly remoteAddress = "10.0.0.1";
  readonly remotePort = 1;
  isHeld = false;
  peer: HeldSocket | undefined;
  #delivered = 0;
  #deliver: (() => void) | undefined;

  constructor() {
    super({ allowHalfOpen: false });
  }

  /** As of a socket, with what it has not sent. */
  get bytesWritten(): number {
    return this.#delivered + this.writableLength;
  }

  /** Lets what was written go. */
  release(): void {
    this.isHeld = false;
    this.#deliver?.();
  }

  destroySoon(): void {
    this.destroy();
  }

  asSocket(): Socket {
    return this as unknown as Socket;
  }

  override _read(): void {
    return undefined;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#deliver = () => {
      this.#deliver = undefined;
      this.#delivered += chunk.length;
      this.peer?.push(Buffer.from(chunk));
      done();
    };
    if (!this.isHeld) this.#deliver();
  }

  override _final(done: () => void): void {
    this.peer?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.peer?.destroyed === false) this.peer.destroy();
    done(error);
  }
}

/** Two ends of one wire. */
export function heldSocketPair(): [HeldSocket, HeldSocket] {
  const [one, other] = [new HeldSocket(), new HeldSocket()];
  one.peer = other;
  other.peer = one;
  return [one, other];
}
