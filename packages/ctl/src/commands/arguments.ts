/** Checks and readings of arguments that several commands share. */
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { type Parsed, parseInt64, parseUint64 } from "../go/strconv.ts";
import { quote } from "../go/quote.ts";

export function badArguments(message: string): CtlError {
  return new CtlError(ExitCode.badArgs, message);
}

/** The value, or a "bad arguments" error with the reason in the place of `%s`. */
export function parsedOr<T>(parsed: Parsed<T>, message: string): T {
  if (parsed.error === undefined) return parsed.value;
  throw badArguments(message.replace("%s", parsed.error));
}

/** A lease's id, in hexadecimal. */
export function leaseIdArgument(text: string): bigint {
  return parsedOr(parseInt64(text, 16), "bad lease ID arg (%s), expecting ID in Hex");
}

/** A member's id, in hexadecimal. */
export function memberIdArgument(args: readonly string[]): bigint {
  const [text] = args;
  if (text === undefined || args.length !== 1) throw badArguments("member ID is not provided");
  return parsedOr(parseUint64(text, 16), "bad member ID arg (%s), expecting ID in Hex");
}

/** Whether a read may be answered by any member alone. `shown`: the value that the error names. */
export function isSerializable(consistency: string, shown: string = consistency): boolean {
  if (consistency === "s") return true;
  if (consistency === "l") return false;
  throw new CtlError(ExitCode.badFeature, `unknown consistency flag ${quote(shown)}`);
}

export const ONE_OR_OTHER =
  "`--prefix` and `--from-key` cannot be set at the same time, choose one";
export const ONE_ARGUMENT =
  "too many arguments, only accept one argument when `--prefix` or `--from-key` is set";
