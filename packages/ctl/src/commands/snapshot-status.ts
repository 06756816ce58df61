import { access } from "node:fs/promises";
import type { Command } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { withOffline } from "../offline.ts";
import { osErrorText } from "../os-error.ts";
import { loadPrinter } from "../printers/printer.ts";
import { badArguments } from "./arguments.ts";

export const snapshotStatus: Command = async ({ args, flags, print }) => {
  const [path] = args;
  if (path === undefined || args.length !== 1) {
    throw badArguments("snapshot status requires exactly one argument");
  }
  try {
    await access(path);
  } catch (error) {
    throw new CtlError(ExitCode.error, osErrorText("stat", error, path), { cause: error });
  }
  await loadPrinter(flags.string("write-out"), false); // An unknown format is told first.
  const status = await withOffline((offline) => offline.snapshotStatus(path));
  await print({ kind: "snapshotStatus", status });
  return undefined;
};
