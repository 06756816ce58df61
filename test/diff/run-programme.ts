/**
 * Runs a programme on two servers, one step at a time, and stops at the first step whose outcome
 * is not the same and not known to differ.
 *
 * Answers to calls are compared as they come. What comes on streams comes when the server likes: it
 * is compared until both sides agree, or long enough. Steps that would race with events under way
 * (a cancelled watcher, a compaction under a watcher that wants the version before) wait until it
 * is quiet.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { ServerKind } from "../harness/server-kind.ts";
import { type Mismatch, mismatches } from "./compare.ts";
import { CONNECTION_LOST, type KnownDifference, whyKnown } from "./known-differences.ts";
import { pathOf } from "./methods.ts";
import {
  type CallStep,
  fieldsOf,
  type Programme,
  type SendStep,
  type Step,
  type StreamStep,
} from "./programme.ts";
import { type Answer, type Shared, Side } from "./side.ts";
import { isReference, resolve, type Value } from "./value.ts";
import type { Tree } from "./wire-tree.ts";

const QUIET_MS = 8;
/** How long a request on a stream may take to be answered; some never are. */
const FIRST_ANSWER_MS = 60;
/** How long both sides may take to send the same. etcd looks after late watchers every 100 ms. */
const AGREEMENT_MS = 2_500;
const REPEATS_MAX = 12;

/** A step that did not end the same on both sides. */
export interface Difference {
  readonly index: number;
  readonly step: Step;
  readonly mismatches: readonly Mismatch[];
  readonly left: Tree;
  readonly right: Tree;
  /** What the servers last logged. */
  readonly logs: string;
}

type Found = Omit<Difference, "index" | "step" | "logs">;

export interface Outcome {
  readonly difference: Difference | undefined;
  /** How often each known difference was met. */
  readonly known: ReadonlyMap<string, number>;
}

export interface RunOptions {
  readonly left: ServerKind;
  readonly right: ServerKind;
  /** Tests only: changes what the right side answers, to see it found. */
  readonly plant?: (step: CallStep, answer: Answer) => Answer;
  readonly knownDifferences?: readonly KnownDifference[];
  /** Takes every difference, and the run goes on; without it the first one ends the run. */
  readonly survey?: (difference: Difference) => void;
}

type Message = { readonly [name: string]: Tree };

/** Answers that a server may still be working towards when it is first asked. */
const SETTLING = new Set([pathOf("HashKV"), pathOf("Status"), pathOf("MemberList")]);

interface LeftoverWatch {
  readonly stream: string;
  readonly watch_id: Value;
}

/**
 * Watches that etcd still has and Kvorum has not, for one of the known reasons: compaction ended
 * them, or their ids are beyond what Kvorum takes.
 */
function leftovers(logs: Tree): LeftoverWatch[] {
  return Object.entries(logs as Message).flatMap(([name, entries]) => {
    const [, stream = "", id = "", large] = /^(\w+), watch (-?\d+)(n?)$/.exec(name) ?? [];
    const created =
      large === "n" && (entries as readonly Message[]).some((one) => "created" in one);
    const ended = (entries as readonly Message[]).some((one) => "compact_revision" in one);
    return created || ended ? [{ stream, watch_id: { $big: id } }] : [];
  });
}

class Run {
  readonly #sides: readonly [Side, Side];
  readonly #options: RunOptions;
  readonly #known = new Map<string, number>();
  /** A known difference: nothing more to compare with. */
  #leftIsGone = false;
  #shared: Shared = { revision: 1, compacted: 0 };

  constructor(sides: readonly [Side, Side], options: RunOptions) {
    this.#sides = sides;
    this.#options = options;
  }

  async steps(programme: Programme): Promise<Outcome> {
    for (const [index, step] of programme.steps.entries()) {
      const found = await this.#step(step);
      if (found === undefined && this.#leftIsGone) break;
      if (found === undefined) continue;
      const logs = this.#sides.map((side) => side.logTail()).join("\n");
      const difference = { index, step, logs, ...found };
      if (this.#options.survey === undefined) return { difference, known: this.#known };
      this.#options.survey(difference);
      for (const side of this.#sides) side.clearLogs();
    }
    return { difference: undefined, known: this.#known };
  }

  async #step(step: Step): Promise<Found | undefined> {
    switch (step.do) {
      case "call":
        return (await this.#call(step)) ?? this.#streamsAgree(step);
      case "repeat":
      case "together": {
        const calls =
          step.do === "repeat" ? Array<CallStep>(step.times).fill(step.step) : step.steps;
        for (const one of calls) {
          const found = await this.#call(one);
          if (found !== undefined) return found;
        }
        return this.#streamsAgree(step);
      }
      case "restart":
        return (await this.#restart(step)) ?? this.#streamsAgree(step);
      default:
        await this.#act(step);
        return this.#streamsAgree(step);
    }
  }

  /** A server that does not come back is the gravest difference of all. */
  async #restart(step: StreamStep): Promise<Found | undefined> {
    const started = await Promise.allSettled(
      this.#sides.map((side) => side.act(step, this.#shared)),
    );
    const [left, right] = started.map((one) =>
      one.status === "fulfilled" ? "runs again" : String(one.reason),
    );
    const found = this.#unexplained(step, left ?? "", right ?? "");
    return found.length === 0
      ? undefined
      : { mismatches: found, left: left ?? "", right: right ?? "" };
  }

  /**
   * A watch that only one server has would show in all that follows, such as the answers to progress
   * requests of its stream. So it is cancelled, as its client could do.
   */
  async #cleanUp(ended: readonly LeftoverWatch[]): Promise<Found | undefined> {
    for (const { stream, watch_id } of ended) {
      const step: SendStep = { do: "send", stream, request: { cancel_request: { watch_id } } };
      await this.#act(step);
      const found = await this.#streamsAgree({ ...step, cleansUp: true });
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #call(step: CallStep): Promise<Found | undefined> {
    if (step.path === pathOf("Compact")) await this.#quiet();
    for (let attempt = 0; ; attempt++) {
      const [left, right] = await this.#bothCall(step);
      this.#learn(step, left);
      this.#leftIsGone ||= left.code === CONNECTION_LOST && right.code !== CONNECTION_LOST;
      const found = this.#unexplained(step, left as unknown as Tree, right as unknown as Tree);
      if (found.length === 0) return undefined;
      if (!SETTLING.has(step.path) || attempt === REPEATS_MAX) {
        return {
          mismatches: found,
          left: left as unknown as Tree,
          right: right as unknown as Tree,
        };
      }
      await pause(20);
    }
  }

  async #bothCall(step: CallStep): Promise<[Answer, Answer]> {
    const [left, right] = await Promise.all([
      this.#sides[0].call(step, this.#shared),
      this.#sides[1].call(step, this.#shared),
    ]);
    const { plant } = this.#options;
    return [left, plant === undefined ? right : plant(step, right)];
  }

  /** Keeps what references in later requests stand for. */
  #learn(step: CallStep, answer: Answer): void {
    const last = answer.messages.at(-1) as Message | undefined;
    const body = (last?.["range_response"] ?? last) as Message | undefined;
    const revision = (body?.["header"] as Message | undefined)?.["revision"];
    const { compacted } = this.#shared;
    if (typeof revision === "number" && revision > this.#shared.revision) {
      this.#shared = { revision, compacted };
    }
    const fields = fieldsOf(step.request);
    if (step.path !== pathOf("Compact") || answer.code !== 0 || fields === undefined) return;
    const asked = this.#number(fields["revision"] ?? 0);
    this.#shared = { revision: this.#shared.revision, compacted: asked };
  }

  #number(value: Value): number {
    if (!isReference(value)) return Number(value);
    const none = { memberId: 0n, leases: [], added: [] };
    return Number(resolve(value, { ...this.#shared, ...none }));
  }

  async #act(step: StreamStep): Promise<void> {
    await this.#quiet();
    const before = this.#sides.map((side) => side.received);
    await Promise.all(this.#sides.map((side) => side.act(step, this.#shared)));
    if (step.do !== "send") return;
    const deadline = performance.now() + FIRST_ANSWER_MS;
    while (this.#sides.some((side, i) => side.received === before[i])) {
      if (performance.now() > deadline) break;
      await pause(2);
    }
    if (this.#readsHistory(step)) {
      await Promise.all(this.#sides.map((side) => side.caughtUp(this.#shared)));
    }
  }

  #readsHistory(step: SendStep): boolean {
    const fields = fieldsOf(step.request);
    if (fields === undefined) return true;
    const create = fields["create_request"] as { start_revision?: Value } | undefined;
    return create !== undefined && (create.start_revision ?? 0) !== 0;
  }

  /** Waits until no stream has brought anything for a while. */
  async #quiet(): Promise<void> {
    if (!this.#sides.some((side) => side.hasStreams)) return;
    const start = performance.now();
    for (;;) {
      const last = Math.max(start, ...this.#sides.map((side) => side.lastReceivedMs));
      const left = last + QUIET_MS - performance.now();
      if (left <= 0) return;
      await pause(left);
    }
  }

  async #streamsAgree(step: Step): Promise<Found | undefined> {
    const deadline = performance.now() + AGREEMENT_MS;
    for (;;) {
      const [left, right] = [this.#sides[0].logs(), this.#sides[1].logs()];
      const found = this.#unexplained(step, left, right);
      if (found.length === 0) {
        for (const side of this.#sides) side.clearLogs();
        return this.#cleanUp(leftovers(left));
      }
      if (performance.now() > deadline) return { mismatches: found, left, right };
      await pause(4);
    }
  }

  #unexplained(step: Step, left: Tree, right: Tree): Mismatch[] {
    return mismatches(left, right).filter((mismatch) => {
      const table = this.#options.knownDifferences;
      const name = whyKnown({ step, ...mismatch, answers: { left, right } }, table);
      if (name !== undefined) this.#known.set(name, (this.#known.get(name) ?? 0) + 1);
      return name === undefined;
    });
  }
}

/** Runs the programme on two fresh servers. */
export async function runProgramme(programme: Programme, options: RunOptions): Promise<Outcome> {
  const started = await Promise.allSettled([
    Side.start(options.left, programme.flags),
    Side.start(options.right, programme.flags),
  ]);
  try {
    const [left, right] = started.map((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value;
    });
    if (left === undefined || right === undefined) throw new Error("no two servers");
    return await new Run([left, right], options).steps(programme);
  } finally {
    for (const one of started) if (one.status === "fulfilled") await one.value.dispose();
  }
}
