/** The certificates and keys that the flags name. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
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

function isCertificate(pem: Buffer): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false; // What is wrong with it in detail only a library's author could use.
  }
}

/** With the texts of Go's crypto/tls. */
function checkPair({ cert, key }: { cert: Buffer | undefined; key: Buffer | undefined }): void {
  if (cert === undefined || key === undefined) return;
  if (!isCertificate(cert)) {
    throw badArguments("tls: failed to find any PEM data in certificate input");
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(key);
  } catch {
    throw badArguments("tls: failed to find any PEM data in key input");
  }
  if (!new X509Certificate(cert).checkPrivateKey(privateKey)) {
    throw badArguments("tls: private key does not match public key");
  }
}

function checkedAuthority(pem: Buffer | undefined, path: string): Buffer | undefined {
  if (pem !== undefined && !isCertificate(pem)) {
    throw badArguments(`there is no certificate in ${path}`);
  }
  return pem;
}

/** Reads them; a file that is missing is a bad argument. */
export async function readTlsOptions(flags: FlagValues): Promise<TlsOptions> {
  const [cert, key, cacert] = [flags.string("cert"), flags.string("key"), flags.string("cacert")];
  const insecureSkipVerify = flags.bool("insecure-skip-tls-verify");
  if ((cert === "") !== (key === "")) {
    throw badArguments(`KeyFile and CertFile must both be present[key: ${key}, cert: ${cert}]`);
  }
  const pair = { cert: await readPem(cert), key: await readPem(key) };
  checkPair(pair);
  return { ...pair, ca: checkedAuthority(await readPem(cacert), cacert), insecureSkipVerify };
}
