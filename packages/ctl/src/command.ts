/** What a command is given, and what it gives back. */
import type { CommandPath } from "./grammar/command-spec.ts";
import type { FlagValues } from "./grammar/flag-values.ts";
import type { Host } from "./host.ts";
import type { Report } from "./report.ts";
import type { Session } from "./session.ts";

export interface CommandContext {
  readonly path: CommandPath;
  readonly args: readonly string[];
  /** How many of `args` came before a `--`; undefined when there was none. */
  readonly dashAt: number | undefined;
  /** Those of the command line; a session's flags hold the environment's too. */
  readonly flags: FlagValues;
  readonly host: Host;
  /**
   * The way to the cluster and to the output format. Commands check their arguments before they
   * ask for it: what is wrong with them is told first. The same one at every call.
   */
  readonly session: () => Promise<Session>;
  /** Prints one report of several, in the output format. */
  readonly print: (report: Report) => Promise<void>;
}

/** The report of a command is printed for it; one that has many prints them itself. */
export type Command = (context: CommandContext) => Promise<Report | undefined>;
