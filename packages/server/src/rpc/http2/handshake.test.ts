/** Clients that connect and do not say who they are. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { attack } from "../testing/attack.ts";
import { RawClient } from "../testing/raw-client.ts";
import { Http2Code } from "./error-codes.ts";
import { FrameType, PREFACE } from "./frames.ts";
import { PENDING_CONNECTIONS_MAX, PREFACE_TIMEOUT_MS } from "./limits.ts";

test("a client that stays silent has ten seconds, before and after the preface", () =>
  attack(async ({ toy, clock }) => {
    const mute = connect(toy.port, "127.0.0.1");
    await once(mute, "connect");
    const half = connect(toy.port, "127.0.0.1");
    half.write(PREFACE);
    const client = new RawClient(half);
    await client.hear(({ type }) => type === FrameType.SETTINGS);
    const closed = Promise.all([once(mute.resume(), "close"), client.goaway()]);
    clock.advance(PREFACE_TIMEOUT_MS);
    const [, goaway] = await closed;
    assert.equal(goaway.code, Http2Code.SETTINGS_TIMEOUT);
  }));

test("connections that have not said who they are are limited in number", () =>
  attack(async ({ toy, checkBystander }) => {
    const mute: Socket[] = [];
    // Not all at once: the system queues some hundreds, and of more it would lose some and their order.
    while (mute.length < PENDING_CONNECTIONS_MAX) {
      const socket = connect(toy.port, "127.0.0.1");
      mute.push(socket);
      if (mute.length % 100 === 0) await once(socket, "connect");
    }
    const last = mute.filter((socket) => socket.connecting);
    await Promise.all(last.map((socket) => once(socket, "connect")));
    const late = connect(toy.port, "127.0.0.1");
    await once(late.resume(), "close");
    await checkBystander();
    for (const socket of mute) socket.destroy();
    const isServed = async (): Promise<boolean> => {
      const client = await RawClient.open(toy.port);
      client.call(1, "x");
      const answer = client.trailers(1).then(
        () => true,
        () => false,
      );
      await Promise.race([answer, client.closed]);
      await client.close();
      return answer;
    };
    while (!(await isServed()));
  }));
