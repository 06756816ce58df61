/** The certificates and keys that the flags name. */
import { readFile } from "node:fs/promises";
import type { TlsOptions } from "@kvorum/proto/client";
import { CtlError } from "./ctl-error.ts";
import { ExitCode } from "./exit-codes.ts";
import type { FlagValues } from "./grammar/flag-values.ts";
import { openErrorText } from "./os-error.ts";

function badArguments(message: string): CtlError {
  return new CtlError(ExitCode.badArgs, message);
}

async function readPem(path: string): Promise<Buffer | undefined> {
  if (path === "") return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    throw badArguments(openErrorText(error, path));
  }
}

/** Reads them; a file that is missing is a bad argument. */
export async function readTlsOptions(flags: FlagValues): Promise<TlsOptions> {
  const [cert, key, cacert] = [flags.string("cert"), flags.string("key"), flags.string("cacert")];
  const insecureSkipVerify = flags.bool("insecure-skip-tls-verify");
  if ((cert === "") !== (key === "")) {
    throw badArguments(`KeyFile and CertFile must both be present[key: ${key}, cert: ${cert}]`);
  }
  return {
    cert: await readPem(cert),
    key: await readPem(key),
    ca: await readPem(cacert),
    insecureSkipVerify,
  };
}
