/**
 * h2spec in strict mode against our HTTP/2, plain and over TLS. It was written for RFC 7540; its cases
 * on priorities, which RFC 9113 (section 5.3.2) does without, hold here all the same.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { goTools } from "../harness/go-tools.ts";
import { runCommand } from "../harness/run-command.ts";
import { makeCertificate } from "./certificate.ts";
import { startHttpService } from "./http-service.ts";

const CASES_MIN = 140;

const tools = await goTools("h2spec");
const certificate = await makeCertificate();
const noTls = certificate === undefined ? "no openssl to make a certificate with" : false;

interface Report {
  readonly cases: number;
  readonly failed: string[];
}

function readReport(file: string): Report {
  const xml = readFileSync(file, "utf8");
  const cases = [...xml.matchAll(/<testcase ([^>]*)>([\s\S]*?)<\/testcase>/g)];
  const failed = cases
    .filter(([, , body = ""]) => /<(?:failure|error)/.test(body))
    .map(([, attributes = "", body = ""]) => {
      const name = /package="([^"]*)" classname="([^"]*)"/.exec(attributes);
      return `${name?.[1]}: ${name?.[2]} ${body.replaceAll(/<[^>]*>/g, " ").trim()}`;
    });
  return { cases: cases.length, failed };
}

async function run(port: number, more: readonly string[]): Promise<Report> {
  assert.ok(tools.skip === false);
  const report = join(mkdtempSync(join(tmpdir(), "kvorum-h2spec-")), "report.xml");
  const args = ["-h", "127.0.0.1", "-p", String(port), "--strict", "-j", report, ...more];
  await runCommand(tools.path.h2spec, args, { timeoutMs: 120_000 });
  return readReport(report);
}

function check({ cases, failed }: Report): void {
  assert.ok(cases >= CASES_MIN, `${cases} cases`);
  assert.deepEqual(failed, []);
}

test("h2spec, strict, plain", { skip: tools.skip }, async () => {
  const service = await startHttpService();
  check(await run(service.port, []));
  await service.close();
});

test("h2spec, strict, over TLS", { skip: tools.skip || noTls }, async () => {
  assert.ok(certificate !== undefined);
  const service = await startHttpService({ key: certificate.key, cert: certificate.cert });
  check(await run(service.port, ["-t", "-k"]));
  await service.close();
});
