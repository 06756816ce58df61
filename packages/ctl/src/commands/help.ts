import type { Command } from "../command.ts";
import { quote } from "../go/quote.ts";
import { findCommand } from "../grammar/find-command.ts";
import { helpText, usageText } from "../grammar/help-text.ts";

/** As Go's `%#q`: in back quotes where that is possible. */
function quoteRaw(text: string): string {
  return /^[^`\p{Cc}]*$/u.test(text) ? `\`${text}\`` : quote(text);
}

export const help: Command = async ({ args, host, path }) => {
  const found = findCommand(path[0], args);
  if (found.error !== undefined) {
    const topic = args.map(quoteRaw).join(" ");
    host.err(`Unknown help topic [${topic}]\n${usageText([path[0]])}`);
    return undefined;
  }
  const { strong } = await host.styleOf("stdout");
  host.out(helpText(found.path, strong));
  return undefined;
};
