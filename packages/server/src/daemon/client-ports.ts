/** The client ports: bound at the start, served when the member is ready. */
import type { Socket } from "node:net";
import { listen, type ListenAddress, type Listener } from "../rpc/listener.ts";

/** Connections that may wait for the member to become ready; more are closed. */
const WAITING_MAX = 1024;

export class ClientPorts {
  readonly #listeners: Listener[] = [];
  #waiting: Socket[] = [];
  #serve: ((socket: Socket) => void) | undefined;

  /** Rejects with `ListenError`. */
  async listen(address: ListenAddress): Promise<Listener> {
    const listener = await listen(address, (socket) => this.#accept(socket));
    this.#listeners.push(listener);
    return listener;
  }

  /** Takes every connection from now on, those that waited first. */
  serve(handler: (socket: Socket) => void): void {
    this.#serve = handler;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const socket of waiting) {
      socket.removeAllListeners("error");
      handler(socket);
    }
  }

  /** Takes no more connections; those that wait are closed. */
  async close(): Promise<void> {
    for (const socket of this.#waiting) socket.destroy();
    this.#waiting = [];
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  #accept(socket: Socket): void {
    if (this.#serve !== undefined) return this.#serve(socket);
    if (this.#waiting.length >= WAITING_MAX) {
      socket.destroy();
      return;
    }
    socket.on("error", () => socket.destroy());
    this.#waiting.push(socket);
  }
}
