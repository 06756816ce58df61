/** A self-signed certificate for 127.0.0.1, made by openssl when a test needs it. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../harness/run-command.ts";

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** The certificate's file, for clients that want to trust it. */
  readonly certFile: string;
}

/** `undefined` when this machine has no openssl. */
export async function makeCertificate(): Promise<Certificate | undefined> {
  const directory = mkdtempSync(join(tmpdir(), "kvorum-tls-"));
  const keyFile = join(directory, "key.pem");
  const certFile = join(directory, "cert.pem");
  const subject = [
    "-subj",
    "/CN=127.0.0.1",
    "-addext",
    "subjectAltName=IP:127.0.0.1,DNS:localhost",
  ];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const args = ["req", "-x509", "-days", "2", ...kind, ...subject, "-keyout", keyFile];
  try {
    const result = await runCommand("openssl", [...args, "-out", certFile]);
    if (result.code !== 0) return undefined;
  } catch {
    return undefined;
  }
  return { key: readFileSync(keyFile), cert: readFileSync(certFile), certFile };
}
