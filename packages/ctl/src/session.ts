/**
 * The way to the cluster: what flags and environment say about endpoints and security, checked in
 * etcdctl's order, the client, and the printer of the output format.
 */
import {
  type CallOptions,
  type Client,
  type ClientOptions,
  createClient,
} from "@kvorum/proto/client";
import { authTokenSource, checkConnectionFlags, clientOptions } from "./client-options.ts";
import { CtlError, SilentExit } from "./ctl-error.ts";
import { errorText } from "./error-text.ts";
import { ExitCode } from "./exit-codes.ts";
import { type CommandPath, inheritedFlags } from "./grammar/command-spec.ts";
import { flagsFromEnvironment, variableOf } from "./grammar/environment.ts";
import type { FlagValues } from "./grammar/flag-values.ts";
import { MILLISECOND } from "./go/duration.ts";
import type { Host } from "./host.ts";
import { loadPrinter, type Printer } from "./printers/printer.ts";

/** Variables of the watch command that are no flags. */
const WATCH_VARIABLES = ["ETCDCTL_WATCH_KEY", "ETCDCTL_WATCH_RANGE_END"];

const CONFLICT =
  "conflicting environment variable is shadowed by corresponding command-line flag " +
  "(either unset environment variable or disable flag))";

export interface Session {
  /** The command line's flags and the environment's. */
  readonly flags: FlagValues;
  readonly printer: Printer;
  readonly endpoints: readonly string[];
  readonly client: Client;
  /** One more client of the same cluster, with connections of its own; closed with the session. */
  readonly another: () => Client;
  /** Makes a call within `--command-timeout`. */
  readonly call: <T>(make: (options: CallOptions) => Promise<T>) => Promise<T>;
}

export interface OpenSession extends Session {
  readonly close: () => void;
}

/** Adds the environment's flags. Ends the command when a flag is given both ways. */
async function withEnvironment(
  path: CommandPath,
  flags: FlagValues,
  host: Host,
): Promise<FlagValues> {
  const found = flagsFromEnvironment(inheritedFlags(path), flags, host.env);
  if (found.conflict === undefined && found.unrecognized.length === 0) {
    return flags.with(found.values);
  }
  const { logLine } = await import("./log.ts");
  if (found.conflict !== undefined) {
    logLine(host, "fatal", CONFLICT, { "environment-variable": found.conflict });
    throw new SilentExit(ExitCode.error);
  }
  const isWatch = path.some((command) => command.name === "watch");
  for (const variable of found.unrecognized) {
    if (isWatch && WATCH_VARIABLES.some((name) => variable.startsWith(`${name}=`))) continue;
    const fields = { "environment-variable": variable };
    logLine(host, "warn", "unrecognized environment variable", fields);
  }
  return flags.with(found.values);
}

/** What `--debug` shows first: every flag by the name of its variable. */
function showFlags(path: CommandPath, flags: FlagValues, host: Host): void {
  const names = inheritedFlags(path).map(({ name }) => name);
  for (const name of names.toSorted()) host.err(`${variableOf(name)}=${flags.text(name)}\n`);
}

/**
 * A client that has got its token before the first call: a wrong password is a bad connection. The
 * token is asked for again when a server says that it is no longer good.
 */
async function signedIn(options: ClientOptions): Promise<Client> {
  const { authToken: source } = options;
  if (source === undefined) return createClient(options);
  let first: Promise<string | undefined> | undefined;
  const authToken = (client: Client): Promise<string | undefined> => {
    const token = first ?? source(client);
    first = undefined;
    return token;
  };
  const client = createClient({ ...options, authToken });
  try {
    first = source(client);
    await first;
    return client;
  } catch (error) {
    client.close();
    throw new CtlError(ExitCode.badConnection, errorText(error), { cause: error });
  }
}

/** A client of another cluster; the caller closes it. `question` asks for a missing password. */
export async function openClient(flags: FlagValues, host: Host, question: string): Promise<Client> {
  const authToken = await authTokenSource(flags, host, question);
  return signedIn(await clientOptions(flags, host, authToken));
}

/** Throws CtlError or SilentExit with the exit status that etcdctl has for each mistake. */
export async function openSession(
  path: CommandPath,
  given: FlagValues,
  host: Host,
): Promise<OpenSession> {
  const flags = await withEnvironment(path, given, host);
  const debug = flags.bool("debug");
  if (debug) showFlags(path, flags, host);
  checkConnectionFlags(flags);
  const authToken = await authTokenSource(flags, host);
  const printer = await loadPrinter(flags.string("write-out"), flags.bool("hex"));
  const options = await clientOptions(flags, host, authToken);
  if (options.endpoints.length === 0) {
    throw new CtlError(ExitCode.badConnection, "etcdclient: no available endpoints");
  }
  const client = await signedIn(options);
  const timeoutMs = flags.number("command-timeout") / MILLISECOND;
  const others: Client[] = [];
  return {
    flags,
    printer,
    endpoints: options.endpoints,
    client,
    another: () => {
      const other = createClient(options);
      others.push(other);
      return other;
    },
    call: (make) => make({ timeoutMs }),
    close: () => {
      for (const each of [client, ...others]) each.close();
    },
  };
}
