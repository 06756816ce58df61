/** `watch -i`: reads "watch …" and "progress" from stdin; the watches run beside each other. */
import type { Watcher } from "@kvorum/proto/client";
import { argify } from "../argify.ts";
import type { CommandContext } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { scanArguments, scannedFlags } from "../grammar/flag-scan.ts";
import { StdinLines } from "../stdin-lines.ts";
import { badArguments } from "./arguments.ts";
import { WATCH } from "./tree/kv.ts";
import { follow } from "./watch.ts";
import { watchOptions, type WatchTarget, watchTarget } from "./watch-arguments.ts";

class Interaction {
  readonly #context: CommandContext;
  readonly #fromEnvironment: readonly string[];
  readonly #watchers = new Set<Watcher>();
  readonly #fail: (error: unknown) => void;
  /** Rejects when a watch has failed in a way that ends the command. */
  readonly failed: Promise<never>;

  constructor(context: CommandContext, fromEnvironment: readonly string[]) {
    this.#context = context;
    this.#fromEnvironment = fromEnvironment;
    const { promise, reject } = withRejection();
    this.failed = promise;
    this.#fail = reject;
  }

  async line(line: string): Promise<void> {
    const words = argify(line);
    switch (words[0]) {
      case undefined:
        return this.#tell(`Invalid command: ${line} (watch and progress supported)`);
      case "watch":
        return this.#watch(words.slice(1), line);
      case "progress":
        for (const watcher of this.#watchers) watcher.requestProgress();
        return undefined;
      default:
        return this.#tell(`Invalid command ${line} (only support watch)`);
    }
  }

  #tell(text: string): void {
    this.#context.host.err(`${text}\n`);
  }

  async #watch(words: readonly string[], line: string): Promise<void> {
    if (words.length === 0 && this.#fromEnvironment.length === 0) {
      this.#tell(`Invalid command ${line} (command type or key is not provided)`);
      return;
    }
    const flagSpecs = WATCH.flags ?? [];
    const scanned = scanArguments(flagSpecs, words);
    if (scanned.error !== undefined) throw badArguments(scanned.error);
    const target = watchTarget(scanned.args, scanned.dashAt, this.#fromEnvironment);
    const { client } = await this.#context.session();
    let watcher: Watcher;
    try {
      watcher = client.watch(watchOptions(target.keys, scannedFlags(flagSpecs, scanned)));
    } catch (error) {
      this.#tell(`Invalid command ${line} (${(error as Error).message})`);
      return;
    }
    this.#follow(watcher, target);
  }

  #follow(watcher: Watcher, target: WatchTarget): void {
    this.#watchers.add(watcher);
    follow(this.#context, watcher, target.command)
      .finally(() => this.#watchers.delete(watcher))
      .catch(this.#fail);
  }
}

function withRejection(): { promise: Promise<never>; reject: (error: unknown) => void } {
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, rejectPromise) => (reject = rejectPromise));
  promise.catch(() => undefined); // Heard by whoever races it; nobody may.
  return { promise, reject };
}

/** Ends only with an error: the input's end is one. */
export async function watchInteractive(
  context: CommandContext,
  fromEnvironment: readonly string[],
): Promise<never> {
  await context.session();
  const interaction = new Interaction(context, fromEnvironment);
  const lines = new StdinLines(context.host.stdin);
  for (;;) {
    const line = await Promise.race([lines.next(), interaction.failed]);
    if (line === undefined) {
      throw new CtlError(ExitCode.invalidInput, "error reading watch request line: EOF");
    }
    await interaction.line(line);
  }
}
