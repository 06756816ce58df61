import { access } from "node:fs/promises";
import type { Command } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { withOffline } from "../offline.ts";
import { osErrorText } from "../os-error.ts";
import { loadPrinter } from "../printers/printer.ts";

export const hashKv: Command = async ({ args: [path = ""], flags, print }) => {
  await loadPrinter(flags.string("write-out"), false); // An unknown format is told first.
  try {
    await access(path);
  } catch (error) {
    throw new CtlError(ExitCode.error, osErrorText("stat", error, path), { cause: error });
  }
  const hash = await withOffline((offline) => offline.hashKv(path, flags.number("rev")));
  await print({ kind: "hashKv", hash });
  return undefined;
};
