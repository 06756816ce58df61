import { EMPTY_BYTES, type Event, type WatchResponse } from "@kvorum/proto";
import { SilentExit } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { quote } from "../go/quote.ts";
import type { Host } from "../host.ts";
import { runProgram } from "../run-program.ts";

function environmentOf(host: Host, response: WatchResponse, event: Event): NodeJS.ProcessEnv {
  return {
    ...host.env,
    ETCD_WATCH_REVISION: String(response.header?.revision ?? 0),
    ETCD_WATCH_EVENT_TYPE: quote(event.type === 0 ? "PUT" : "DELETE"),
    ETCD_WATCH_KEY: quote(event.kv?.key ?? EMPTY_BYTES),
    ETCD_WATCH_VALUE: quote(event.kv?.value ?? EMPTY_BYTES),
  };
}

/** Runs the command once for each event, one after the other; its failure ends the watch. */
export async function runAtEvents(
  host: Host,
  command: readonly string[],
  response: WatchResponse,
): Promise<void> {
  for (const event of response.events) {
    const failure = await runProgram(command, environmentOf(host, response, event));
    if (failure !== undefined) {
      const words = command.map((word) => quote(word)).join(" ");
      host.err(`command [${words}] error (${failure.text})\n`);
      throw new SilentExit(ExitCode.error);
    }
  }
}
