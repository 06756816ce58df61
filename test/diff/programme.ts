import type { Fields } from "./value.ts";

/**
 * A request as fields, or as the bytes a damaged client might send (hexadecimal): those of the
 * message, or of all frames of the call.
 */
export type Request = Fields | { readonly $bytes: string } | { readonly $frames: string };

/** The fields of a request that is made of fields. */
export function fieldsOf(request: Request): Fields | undefined {
  return "$bytes" in request || "$frames" in request ? undefined : request;
}

/** A call with one request, and with one answer or a stream of them. */
export interface CallStep {
  readonly do: "call";
  readonly path: string;
  readonly request: Request;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Opens a call with a stream of requests, under a name of ours. */
export interface OpenStep {
  readonly do: "open";
  readonly stream: string;
  readonly path: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface SendStep {
  readonly do: "send";
  /** Of a cancellation that a run adds by itself: of a watch that only one server still has. */
  readonly cleansUp?: true;
  readonly stream: string;
  readonly request: Request;
}

/** Ends the requests of a stream, or the whole of it. */
export interface CloseStep {
  readonly do: "halfClose" | "cancel";
  readonly stream: string;
}

/** Kills the server (SIGKILL) and starts it again. All streams are gone. */
export interface RestartStep {
  readonly do: "restart";
}

/** Steps that only make sense together, such as a short lease that must go before it expires. */
export interface TogetherStep {
  readonly do: "together";
  readonly steps: readonly CallStep[];
}

/** The same call many times over. */
export interface RepeatStep {
  readonly do: "repeat";
  readonly times: number;
  readonly step: CallStep;
}

export type Step =
  | CallStep
  | RepeatStep
  | OpenStep
  | SendStep
  | CloseStep
  | RestartStep
  | TogetherStep;

/** What has its effects on streams, or on the server as a whole. */
export type StreamStep = OpenStep | SendStep | CloseStep | RestartStep;

export interface Programme {
  readonly seed: number;
  /** Flags of both servers beyond the harness's own. */
  readonly flags: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

function options(metadata: Readonly<Record<string, string>> | undefined): string {
  return metadata === undefined ? "" : `  with ${JSON.stringify(metadata)}`;
}

/** One step as a line of a script. */
export function showStep(step: Step): string {
  switch (step.do) {
    case "call":
      return `${step.path} ${JSON.stringify(step.request)}${options(step.metadata)}`;
    case "open":
      return `${step.stream} = open ${step.path}${options(step.metadata)}`;
    case "send":
      return `${step.stream} <- ${JSON.stringify(step.request)}`;
    case "halfClose":
    case "cancel":
      return `${step.do} ${step.stream}`;
    case "restart":
      return "kill -9 and start again";
    case "repeat":
      return `${step.times} times: ${showStep(step.step)}`;
    case "together":
      return `together:\n${step.steps.map((one) => `       ${showStep(one)}`).join("\n")}`;
  }
}

/** How many requests a programme sends. */
export function callCount(steps: readonly Step[]): number {
  let count = 0;
  for (const step of steps) {
    if (step.do === "together") count += step.steps.length;
    else count += step.do === "repeat" ? step.times : 1;
  }
  return count;
}
