import type { Command } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { completionScript } from "../grammar/completion-script.ts";

export const completion: Command = ({ args, host, path }) => {
  const [shell = ""] = args;
  if (shell !== "bash" && shell !== "zsh") {
    throw new CtlError(ExitCode.badFeature, `completion for ${shell} is not supported yet`);
  }
  host.out(completionScript(path[0].name, shell));
  return Promise.resolve(undefined);
};
