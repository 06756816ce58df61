/** A stretch of network before a port: counts connections, swallows what it is told to, and can be cut. */
import { connect, createServer, type Server, type Socket } from "node:net";

export class Relay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #accepted = 0;
  /** What is sent from now on arrives nowhere. */
  swallows = false;

  private constructor(target: number) {
    this.#server = createServer((near) => {
      this.#accepted++;
      const far = connect(target, "127.0.0.1");
      this.#couple(near, far);
      this.#couple(far, near);
    });
  }

  static async to(target: number): Promise<Relay> {
    const relay = new Relay(target);
    await new Promise<void>((resolve) => relay.#server.listen(0, "127.0.0.1", resolve));
    return relay;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  }

  /** Connections there have been. */
  get accepted(): number {
    return this.#accepted;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #couple(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on("data", (bytes: Buffer) => {
      if (!this.swallows) to.write(bytes);
    });
    from.on("error", () => from.destroy());
    from.once("close", () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
