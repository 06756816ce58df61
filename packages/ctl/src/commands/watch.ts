import { ResponseHeader, WatchResponse } from "@kvorum/proto";
import { WatchCompactedError, type Watcher } from "@kvorum/proto/client";
import type { Command, CommandContext } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { runAtEvents } from "./watch-exec.ts";
import { watchedByEnvironment, watchOptions, watchTarget } from "./watch-arguments.ts";
import { watchErrorText } from "../error-text.ts";

/** The last response of a watch that a server ended. */
function canceledResponse(error: unknown, header: ResponseHeader | undefined): WatchResponse {
  const isCompacted = error instanceof WatchCompactedError;
  return WatchResponse.create({
    header: isCompacted
      ? ResponseHeader.create({ ...header, revision: 0 })
      : ResponseHeader.create(),
    canceled: true,
    compactRevision: isCompacted ? error.compactRevision : 0,
  });
}

async function show(
  context: CommandContext,
  response: WatchResponse,
  command: readonly string[],
): Promise<void> {
  if (response.created) return;
  if (response.events.length === 0) {
    context.host.out(`progress notify: ${response.header?.revision ?? 0}\n`);
  }
  await context.print({ kind: "watch", response });
  if (command.length > 0) await runAtEvents(context.host, command, response);
}

/** Prints what is seen until the watch ends, which is always for a reason worth telling. */
export async function follow(
  context: CommandContext,
  watcher: Watcher,
  command: readonly string[],
): Promise<void> {
  let header: ResponseHeader | undefined;
  const responses = watcher[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<WatchResponse, void>;
    try {
      next = await responses.next();
    } catch (error) {
      context.host.err(`watch was canceled (${watchErrorText(error)})\n`);
      await context.print({ kind: "watch", response: canceledResponse(error, header) });
      return;
    }
    if (next.done === true) return;
    header = next.value.header ?? header;
    await show(context, next.value, command);
  }
}

export const watch: Command = async (context) => {
  const { args, dashAt, flags, host, session } = context;
  const fromEnvironment = watchedByEnvironment(host.env);
  if (flags.bool("interactive")) {
    const { watchInteractive } = await import("./watch-interactive.ts");
    return watchInteractive(context, fromEnvironment);
  }
  if (flags.bool("live")) {
    const { watchLive } = await import("./watch-live.ts");
    return watchLive(context);
  }
  const { keys, command } = watchTarget(args, dashAt, fromEnvironment);
  const { client } = await session();
  await follow(context, client.watch(watchOptions(keys, flags)), command);
  throw new CtlError(ExitCode.interrupted, "watch is canceled by the server");
};
