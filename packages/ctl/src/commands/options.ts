import type { Command } from "../command.ts";
import { flagUsages } from "../grammar/help-text.ts";

export const options: Command = ({ host, path }) => {
  const flags = (path[0].persistentFlags ?? []).map((flag) => ({ ...flag, hidden: false }));
  host.out(`The following options can be passed to any command:\n\n${flagUsages(flags)}`);
  return Promise.resolve(undefined);
};
