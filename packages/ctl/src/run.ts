/** From an argument list to an exit status: finds the command, reads its flags, runs it. */
import { DecodeError, EtcdError } from "@kvorum/proto";
import type { CommandContext } from "./command.ts";
import { ROOT } from "./commands/tree/root.ts";
import { CtlError, SilentExit } from "./ctl-error.ts";
import { ExitCode } from "./exit-codes.ts";
import {
  allFlags,
  commandOf,
  COMPLETE_COMMAND,
  type CommandPath,
  HELP_FLAG,
  pathName,
} from "./grammar/command-spec.ts";
import { findCommand } from "./grammar/find-command.ts";
import { type ScannedArguments, scanArguments, scannedFlags } from "./grammar/flag-scan.ts";
import type { FlagValues } from "./grammar/flag-values.ts";
import type { Host } from "./host.ts";
import { Output } from "./printers/output.ts";
import { loadPrinter, type Printer } from "./printers/printer.ts";
import type { Report } from "./report.ts";
import { openSession, type OpenSession } from "./session.ts";
import { errorText } from "./error-text.ts";

/** A command line that makes no sense; usage follows the message. */
class UsageError extends Error {
  readonly after: string;

  constructor(message: string, after: string) {
    super(message);
    this.after = after;
  }
}

/** One run of one command: opens at most one session, and closes it. */
class Run {
  readonly #host: Host;
  readonly #path: CommandPath;
  readonly #flags: FlagValues;
  #session: Promise<OpenSession> | undefined;

  constructor(host: Host, path: CommandPath, flags: FlagValues) {
    this.#host = host;
    this.#path = path;
    this.#flags = flags;
  }

  async command(scanned: ScannedArguments): Promise<void> {
    const load = commandOf(this.#path).load;
    if (load === undefined) return;
    const command = await load();
    const context: CommandContext = {
      path: this.#path,
      args: scanned.args,
      dashAt: scanned.dashAt,
      flags: this.#flags,
      host: this.#host,
      session: () => this.#open(),
      print: (report) => this.#print(report),
    };
    try {
      const report = await command(context);
      if (report !== undefined) await this.#print(report);
    } finally {
      await this.#close();
    }
  }

  #open(): Promise<OpenSession> {
    this.#session ??= openSession(this.#path, this.#flags, this.#host);
    return this.#session;
  }

  async #close(): Promise<void> {
    try {
      (await this.#session)?.close();
    } catch {
      // It never opened; whoever asked for it has been told why.
    }
  }

  async #printer(): Promise<Printer> {
    if (this.#session !== undefined) return (await this.#session).printer;
    return loadPrinter(this.#flags.string("write-out"), this.#flags.bool("hex"));
  }

  async #print(report: Report): Promise<void> {
    const output = new Output(await this.#host.styleOf("stdout"));
    (await this.#printer()).print(report, output);
    const text = output.stdout;
    if (text.length > 0) this.#host.out(text);
    if (output.stderr !== "") this.#host.err(output.stderr);
    await this.#host.flush();
  }
}

async function readFlags(path: CommandPath, scanned: ScannedArguments): Promise<FlagValues> {
  const flags = allFlags(path);
  if (commandOf(path).hot === true) return scannedFlags(flags, scanned);
  const { parsedFlags } = await import("./grammar/yargs-tree.ts");
  return parsedFlags(flags, scanned);
}

async function complete(host: Host): Promise<void> {
  const { completions } = await import("./grammar/yargs-tree.ts");
  const words = host.args.slice(host.args[1] === "--" ? 2 : 1);
  for (const candidate of await completions(ROOT, words)) host.out(`${candidate}\n`);
}

async function usageError(message: string, path: CommandPath): Promise<UsageError> {
  const { usageText } = await import("./grammar/help-text.ts");
  return new UsageError(message, `${usageText(path)}\n`);
}

async function showHelp(host: Host, path: CommandPath): Promise<void> {
  const { helpText } = await import("./grammar/help-text.ts");
  const { strong } = await host.styleOf("stdout");
  host.out(helpText(path, strong));
}

async function dispatch(host: Host): Promise<void> {
  if (host.args[0] === COMPLETE_COMMAND) return complete(host);
  const { path, args, error } = findCommand(ROOT, host.args);
  if (error !== undefined) {
    throw new UsageError(error, `Run '${pathName(path)} --help' for usage.\n`);
  }
  const scanned = scanArguments(allFlags(path), args);
  if (scanned.error !== undefined) throw await usageError(scanned.error, path);
  const command = commandOf(path);
  const isHelp = scanned.given.findLast(({ flag }) => flag.name === HELP_FLAG)?.value === true;
  if (isHelp || command.load === undefined) {
    return showHelp(host, path);
  }
  const wrong = command.argumentRule?.(scanned.args, pathName(path));
  if (wrong !== undefined) throw await usageError(wrong, path);
  return new Run(host, path, await readFlags(path, scanned)).command(scanned);
}

/** What an error says, and the exit status it means. */
function verdict(error: unknown): { message: string; code: number; after: string } {
  if (error instanceof CtlError) {
    return { message: error.message, code: error.exitCode, after: "" };
  }
  if (error instanceof UsageError) {
    return { message: error.message, code: ExitCode.error, after: error.after };
  }
  if (error instanceof EtcdError || error instanceof DecodeError) {
    return { message: errorText(error), code: ExitCode.error, after: "" };
  }
  const isBug = error instanceof TypeError || error instanceof RangeError;
  const text = error instanceof Error ? (isBug && error.stack) || error.message : String(error);
  return { message: text, code: ExitCode.error, after: "" };
}

/** Runs one command line; resolves to its exit status and never rejects. */
export async function run(host: Host): Promise<number> {
  try {
    await dispatch(host);
    return ExitCode.success;
  } catch (error) {
    if (error instanceof SilentExit) return error.exitCode;
    const { message, code, after } = verdict(error);
    const { bad } = await host.styleOf("stderr");
    host.err(`${bad("Error:")} ${message}\n${after}`);
    return code;
  }
}
