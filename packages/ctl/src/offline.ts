/** Work on files without a server; the server's code, loaded only for these commands. */
import type * as offlineModule from "@kvorum/server/offline";
import { CtlError } from "./ctl-error.ts";
import { ExitCode } from "./exit-codes.ts";

export type Offline = typeof offlineModule;

/** Runs `work` with the server's code. What goes wrong is a general error of the command. */
export async function withOffline<T>(work: (offline: Offline) => Promise<T>): Promise<T> {
  const offline = await import("@kvorum/server/offline");
  try {
    return await work(offline);
  } catch (error) {
    throw new CtlError(ExitCode.error, (error as Error).message, { cause: error });
  }
}
