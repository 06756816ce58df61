import type { FlagKind } from "./flag-kinds.ts";

/**
 * `works`: honoured. `planned`: refused unless at its default. `idle`: accepted with a warning,
 * because what it tunes does not exist here.
 */
export type FlagSupport = "works" | "planned" | "idle";

export interface FlagDefinition {
  readonly name: string;
  readonly kind: FlagKind;
  /** In the flag's own syntax. */
  readonly default: string;
  readonly support: FlagSupport;
  readonly help: string;
  /** What a `choice` or `choices` flag may hold. */
  readonly valid?: readonly string[];
  /** Logged when the flag is given. */
  readonly deprecation?: string;
  /** Shown instead of the default by the help text. */
  readonly shownDefault?: string;
}

export interface FlagSection {
  readonly title: string;
  readonly flags: readonly FlagDefinition[];
}

type Extras = Partial<Pick<FlagDefinition, "valid" | "deprecation" | "shownDefault">>;

function definer(support: FlagSupport) {
  return (
    name: string,
    kind: FlagKind,
    defaultText: string,
    help: string,
    extras: Extras = {},
  ): FlagDefinition => ({ name, kind, default: defaultText, support, help, ...extras });
}

type Define = ReturnType<typeof definer>;

/** Shorthand in which the tables of flags are written. */
export const works: Define = definer("works");
export const planned: Define = definer("planned");
export const idle: Define = definer("idle");
