import type { Command } from "../command.ts";
import { completionScript, type Shell } from "../grammar/completion-script.ts";

/** The argument has been checked to be a shell's name. */
export const completion: Command = ({ args: [shell], host, path }) => {
  host.out(completionScript(path[0].name, shell as Shell));
  return Promise.resolve(undefined);
};
