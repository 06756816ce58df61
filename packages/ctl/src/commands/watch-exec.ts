import { spawn } from "node:child_process";
import { EMPTY_BYTES, type Event, type WatchResponse } from "@kvorum/proto";
import { SilentExit } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { quote } from "../go/quote.ts";
import type { Host } from "../host.ts";

function environmentOf(host: Host, response: WatchResponse, event: Event): NodeJS.ProcessEnv {
  return {
    ...host.env,
    ETCD_WATCH_REVISION: String(response.header?.revision ?? 0),
    ETCD_WATCH_EVENT_TYPE: quote(event.type === 0 ? "PUT" : "DELETE"),
    ETCD_WATCH_KEY: quote(event.kv?.key ?? EMPTY_BYTES),
    ETCD_WATCH_VALUE: quote(event.kv?.value ?? EMPTY_BYTES),
  };
}

/** Why the command failed, in Go's words; undefined when it did not. */
function runOnce(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", (error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT";
      const why = missing ? "executable file not found in $PATH" : error.message;
      resolve(`exec: ${quote(program)}: ${why}`);
    });
    child.once("close", (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(signal === null ? `exit status ${code}` : `signal: ${signal}`);
    });
  });
}

/** Runs the command once for each event, one after the other; its failure ends the watch. */
export async function runAtEvents(
  host: Host,
  command: readonly string[],
  response: WatchResponse,
): Promise<void> {
  const [program = "", ...args] = command;
  for (const event of response.events) {
    const failure = await runOnce(program, args, environmentOf(host, response, event));
    if (failure !== undefined) {
      const words = command.map((word) => quote(word)).join(" ");
      host.err(`command [${words}] error (${failure})\n`);
      throw new SilentExit(ExitCode.error);
    }
  }
}
