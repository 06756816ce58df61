/** Parts a line as etcdctl's interactive modes do: by blanks, with 'plain' and "escaped" quotes. */
import { CtlError } from "./ctl-error.ts";
import { ExitCode } from "./exit-codes.ts";
import { unquotePrefix } from "./go/quote.ts";

const WORD = /"(?:[^"\\]|\\.)*"|'[^']*'|[^'"\t\n\f\r ][^\t\n\f\r ]*[^'"\t\n\f\r ]?/g;

/** Throws invalid input when an escape in double quotes means nothing. */
export function argify(line: string): string[] {
  return (line.match(WORD) ?? []).map((word) => {
    if (word.startsWith("'")) return word.slice(1, -1);
    if (!word.startsWith('"')) return word;
    const unquoted = unquotePrefix(word);
    if (unquoted === undefined) throw new CtlError(ExitCode.invalidInput, "invalid syntax");
    return unquoted.value;
  });
}
