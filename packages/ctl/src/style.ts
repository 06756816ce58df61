/** Colours, for terminals alone: to a pipe or a file everything goes plain. */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly dim: (text: string) => string;
}

const same = (text: string): string => text;

export const unstyled: Style = { good: same, bad: same, strong: same, dim: same };

/**
 * The style of an output. chalk decides whether the terminal has colours, from TERM, NO_COLOR and
 * FORCE_COLOR; it is loaded for terminals only.
 */
export async function styleOf(
  output: "stdout" | "stderr",
  isTerminal: boolean,
  env: NodeJS.ProcessEnv,
): Promise<Style> {
  const noColor = env["NO_COLOR"];
  if (!isTerminal || (noColor !== undefined && noColor !== "")) return unstyled;
  const { default: stdout, chalkStderr } = await import("chalk");
  const chalk = output === "stdout" ? stdout : chalkStderr;
  return {
    good: (text) => chalk.green(text),
    bad: (text) => chalk.red(text),
    strong: (text) => chalk.bold(text),
    dim: (text) => chalk.dim(text),
  };
}
