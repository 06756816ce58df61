/**
 * The connections to one peer over which small requests go: kept open between them, as a connection for
 * each would cost more than the request and use up the ports of both machines.
 */
import { Agent } from "node:http";
import type { Clock } from "../env/env.ts";
import { type InLine, Line } from "../lib/line.ts";
import { callPeer, type PeerCall, type PeerReply, StaleConnectionError } from "./peer-client.ts";
import { IDLE_CONNECTION_MS } from "./protocol.ts";

/** More requests wait for one of them to be answered. */
const UNDER_WAY_MAX = 32;
/** Those that wait; more are refused, and whoever asks tries again or gives up. */
const WAITING_MAX = 10_000;

interface Waiting extends InLine {
  /** It is its turn; or it has waited too long. */
  readonly settle: (error?: Error) => void;
}

export class PeerConnections {
  readonly #clock: Clock;
  readonly #agent = new Agent({
    keepAlive: true,
    maxFreeSockets: UNDER_WAY_MAX,
    timeout: IDLE_CONNECTION_MS,
  });
  readonly #waiting = new Line<Waiting>();
  #underWay = 0;
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * One request, one answer, as `callPeer`; `timeoutMs` bounds the wait for its turn, and what follows. It
   * may reach the peer twice: to be used for what can be repeated.
   */
  async call(baseUrl: string, call: PeerCall): Promise<PeerReply> {
    await this.#turn(call.timeoutMs);
    try {
      return await this.#send(baseUrl, call);
    } finally {
      this.#endTurn();
    }
  }

  /** Ends what is under way; whoever waits has a turn then, and is refused. */
  close(): void {
    this.#isClosed = true;
    this.#agent.destroy();
  }

  async #send(baseUrl: string, call: PeerCall): Promise<PeerReply> {
    if (this.#isClosed) throw new Error("the connections to the peer are closed");
    try {
      return await callPeer(baseUrl, call, this.#agent);
    } catch (error) {
      if (!(error instanceof StaleConnectionError) || this.#isClosed) throw error;
      // The peer let go of the connection just when we used it again. The others may be no better.
      return callPeer(baseUrl, call);
    }
  }

  async #turn(timeoutMs: number): Promise<void> {
    if (this.#underWay === UNDER_WAY_MAX) return this.#wait(timeoutMs);
    this.#underWay++;
  }

  #wait(timeoutMs: number): Promise<void> {
    if (this.#waiting.size >= WAITING_MAX) throw new Error("too many requests wait for the peer");
    return new Promise((resolve, reject) => {
      const settle = (error?: Error): void => {
        timer.cancel();
        this.#waiting.delete(waiting);
        if (error === undefined) resolve();
        else reject(error);
      };
      const timer = this.#clock.setTimer(timeoutMs, () => {
        settle(new Error(`no turn in ${timeoutMs} ms`));
      });
      const waiting: Waiting = { place: 0, settle };
      this.#waiting.push(waiting);
    });
  }

  /** Whoever has waited longest takes it over. */
  #endTurn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#underWay--;
    else next.settle();
  }
}
