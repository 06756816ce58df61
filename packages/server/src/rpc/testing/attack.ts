/** An attacker and a well-behaved client beside it, on one server. */
import assert from "node:assert/strict";
import { nodeClock } from "../../env/node-env.ts";
import { createDeferred } from "../../lib/deferred.ts";
import { Http2Code } from "../http2/error-codes.ts";
import { Flag, FrameType } from "../http2/frames.ts";
import type { RpcServerOptions } from "../server.ts";
import { type MethodRegistration, unary } from "../service.ts";
import { type HeldSocket, heldSocketPair } from "./held-socket.ts";
import { ManualClock } from "../../env/testing/manual-clock.ts";
import { GRPC_HEADERS, RawClient } from "./raw-client.ts";
import { startToy, Toy, type ToyServer } from "./toy-service.ts";

export interface Attack {
  readonly toy: ToyServer;
  readonly attacker: RawClient;
  readonly clock: ManualClock;
  /** Fails when the bystander is not served. */
  readonly checkBystander: () => Promise<void>;
}

const echo = unary(Toy.echo, (request) => request);

async function startBystander(toy: ToyServer): Promise<[RawClient, () => Promise<void>]> {
  const client = await RawClient.open(toy.port);
  let nextId = 1;
  const check = async (): Promise<void> => {
    const id = nextId;
    nextId += 2;
    client.call(id, "still here", { ...GRPC_HEADERS, ":path": "/toy.Toy/Nope" });
    assert.equal((await client.trailers(id))["grpc-status"], "12");
  };
  await check();
  return [client, check];
}

/** No test takes so long; one that waits for what never comes fails by it instead of hanging. */
const PATIENCE_MS = 20_000;

function withPatience<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = createDeferred<never>();
  const text = "waits for what does not come";
  const timer = nodeClock.setTimer(PATIENCE_MS, () => reject(new Error(text)));
  return Promise.race([work, promise]).finally(() => timer.cancel());
}

/**
 * Runs an attack beside a well-behaved client, which is served before, during and after it. Nothing of
 * either is kept then, but for `hungBytes` of requests whose handlers never return.
 */
export async function attack(
  body: (attack: Attack) => Promise<void>,
  methods: readonly MethodRegistration[] = [echo],
  options: Partial<RpcServerOptions> & { readonly hungBytes?: number } = {},
): Promise<void> {
  const clock = new ManualClock();
  const toy = await startToy(methods, { clock, concurrentStreamsMax: 100_000, ...options });
  const [bystander, checkBystander] = await startBystander(toy);
  const attacker = await RawClient.open(toy.port);
  await attacker.hear(({ type, flags }) => type === FrameType.SETTINGS && flags === Flag.ACK);
  try {
    await withPatience(body({ toy, attacker, clock, checkBystander }));
    await withPatience(checkBystander());
  } finally {
    await Promise.all([attacker.close(), bystander.close()]);
    const closed = toy.close();
    clock.advance(10_000);
    await closed;
  }
  await turn();
  assert.equal(toy.server.keptBytes, options.hungBytes ?? 0, "bytes are kept for nobody");
}

/** A client whose server cannot send, as if the client did not read: the server's end of its wire. */
export function openHeld(toy: ToyServer): [RawClient, HeldSocket] {
  const [ours, theirs] = heldSocketPair();
  theirs.isHeld = true;
  toy.server.accept(theirs.asSocket());
  return [RawClient.greet(ours.asSocket()), theirs];
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Sends chunks until the server hangs up. */
export async function flood(
  attacker: RawClient,
  chunk: (round: number) => Uint8Array,
): Promise<void> {
  let isClosed = false;
  void attacker.closed.then(() => {
    isClosed = true;
  });
  for (let round = 0; round < 2000 && !isClosed; round += 20) {
    attacker.write(Buffer.concat(Array.from({ length: 20 }, (_, index) => chunk(round + index))));
    await turn();
  }
}

/** The connection ends with ENHANCE_YOUR_CALM and such a reason. */
export async function assertCalmed(attacker: RawClient, text: RegExp): Promise<void> {
  const goaway = await attacker.goaway();
  assert.equal(goaway.code, Http2Code.ENHANCE_YOUR_CALM);
  assert.match(goaway.text, text);
}
