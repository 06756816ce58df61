import { pathOf } from "../methods.ts";
import type { SendStep, Step } from "../programme.ts";
import type { Random } from "../random.ts";
import type { Fields, Value } from "../value.ts";
import { extreme, keyRange, some, yes } from "./parts.ts";

const STREAMS = ["w0", "w1", "w2"];

function startRevision(random: Random): Value {
  return random.weighted<() => Value>([
    [4, () => ({ $rev: -random.below(20) })],
    [2, () => ({ $rev: 1 + random.below(3) })],
    [2, () => ({ $compacted: random.below(3) - 1 })],
    [1, () => 1 + random.below(5)],
    [0.4, () => extreme(random)],
  ])();
}

function watchId(random: Random): Value {
  return random.chance(0.05) ? extreme(random) : random.below(6);
}

function create(random: Random): Fields {
  return {
    ...(random.chance(0.05) ? {} : keyRange(random)),
    ...some(random, {
      start_revision: [0.5, () => startRevision(random)],
      progress_notify: [0.1, yes],
      filters: [0.2, () => random.pick<Value>([[0], [1], [0, 1], [1, 1], [5]])],
      prev_kv: [0.4, yes],
      watch_id: [0.3, () => watchId(random)],
      fragment: [0.3, yes],
    }),
  };
}

function send(random: Random, request: Fields): SendStep {
  return { do: "send", stream: random.pick(STREAMS), request };
}

/** Bytes that are no request, or an odd one. */
function damaged(random: Random): SendStep {
  const $bytes = random.pick([
    "ff",
    "0a",
    "0a05",
    "0a020a05",
    "0a0a0a0161",
    "00",
    "0801",
    "0a030a0161",
  ]);
  return { do: "send", stream: random.pick(STREAMS), request: { $bytes } };
}

export function watchStep(random: Random): Step {
  return random.weighted<() => Step>([
    [3, () => ({ do: "open", stream: random.pick(STREAMS), path: pathOf("Watch") })],
    [12, () => send(random, { create_request: create(random) })],
    [4, () => send(random, { cancel_request: { watch_id: watchId(random) } })],
    [3, () => send(random, { progress_request: {} })],
    [0.5, () => send(random, {})],
    [0.3, () => send(random, { $raw: random.pick(["2a00", "2a020801", "0a001200", "12001a00"]) })],
    [0.2, () => damaged(random)],
    [
      0.4,
      () => ({ do: random.pick(["halfClose", "cancel"] as const), stream: random.pick(STREAMS) }),
    ],
  ])();
}
