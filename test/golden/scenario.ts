/**
 * The golden command line: lists of invocations that every pair of command line and server must
 * answer alike. The invocations of a scenario are run one after the other, by one caller, against
 * one cluster of their own.
 */

/** What differs without meaning anything: a pattern and what is read in its place. */
export type Same = readonly (readonly [RegExp, string])[];

export interface Invocation {
  /**
   * The command line as a shell would have it: NAME=value before it sets a variable, single quotes
   * keep blanks together. `{name}` stands for what is known by that name: {endpoint}, {member},
   * {cluster}, {peer}, {dir}, and whatever an invocation before has told.
   */
  readonly run: string;
  /** Typed into the standard input, which is closed behind it. */
  readonly input?: string;
  /** Runs on a terminal, where both outputs are one. */
  readonly pty?: true;
  /** Needs a process of its own: it starts programs, listens for signals, works with its folder. */
  readonly process?: true;
  /** The output tells this lease; the first group is its id in hexadecimal. */
  readonly lease?: string;
  /** The output tells the member that has just been added. */
  readonly newMember?: string;
  readonly same?: Same;
  /** The order of the lines depends on ids. */
  readonly sorted?: true;
}

/** Something that goes on beside the invocations that follow it. */
export type Action =
  | { readonly begin: string; readonly run: string; readonly pty?: true; readonly same?: Same }
  | { readonly type: string; readonly text: string }
  | { readonly until: string; readonly shows: RegExp }
  /** Ends it with a signal, or by the end of its input, and writes down what it has said. */
  | { readonly end: string; readonly signal?: NodeJS.Signals }
  /** Writes a file below {dir}, from a text or from a stored file (`.gz` is unpacked). */
  | { readonly file: string; readonly text?: string; readonly from?: string };

export type Step = string | Invocation | Action;

export interface Scenario {
  readonly name: string;
  /** How many members the cluster has; 0 for command lines that ask no server. */
  readonly members: 0 | 1 | 3;
  /** Leaves `--endpoints` out where the invocation does not give it. */
  readonly bare?: true;
  /** The program that is meant, where it is not etcdctl. */
  readonly utl?: true;
  readonly steps: readonly Step[];
}

export interface CommandLine {
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

const WORD = /(?:'[^']*'|[^\s'])+/g;
const ASSIGNMENT = /^([A-Z][A-Z0-9_]*)=([\s\S]*)$/;

/** Takes a command line apart. Names in braces are left alone. */
export function parseCommandLine(text: string): CommandLine {
  const words = (text.match(WORD) ?? []).map((word) => word.replaceAll("'", ""));
  const env: Record<string, string> = {};
  for (let found = ASSIGNMENT.exec(words[0] ?? ""); found !== null; ) {
    env[found[1] ?? ""] = found[2] ?? "";
    words.shift();
    found = ASSIGNMENT.exec(words[0] ?? "");
  }
  return { env, args: words };
}

/** How many invocations a scenario has. */
export function invocationCount({ steps }: Scenario): number {
  return steps.filter((step) => typeof step === "string" || "run" in step).length;
}
