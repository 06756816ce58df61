import { type Compare, RequestOp, TxnRequest } from "@kvorum/proto";
import { argify } from "../argify.ts";
import type { Command } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import type { CommandSpec } from "../grammar/command-spec.ts";
import { findCommand } from "../grammar/find-command.ts";
import { usageText } from "../grammar/help-text.ts";
import { scannedFlags, scanArguments } from "../grammar/flag-scan.ts";
import { localFlags } from "../grammar/command-spec.ts";
import type { Host } from "../host.ts";
import { StdinLines } from "../stdin-lines.ts";
import { parseCompare } from "../txn-parser.ts";
import { badArguments } from "./arguments.ts";
import { deleteRequest } from "./del.ts";
import { rangeRequest } from "./get.ts";
import { putRequest } from "./put.ts";
import { DEL, GET, PUT } from "./tree/kv.ts";

/** The commands that a transaction is made of, with the flags they have on the command line. */
const OPERATIONS: CommandSpec = { name: "", use: "", short: "", commands: [PUT, GET, DEL] };

function invalidInput(message: string): CtlError {
  return new CtlError(ExitCode.invalidInput, message);
}

async function readBlock<T>(
  lines: StdinLines,
  parse: (line: string) => T | Promise<T>,
): Promise<T[]> {
  const parsed: T[] = [];
  for (;;) {
    const line = await lines.next();
    if (line === undefined) throw invalidInput("EOF");
    const text = line.trim();
    if (text === "") return parsed;
    parsed.push(await parse(text));
  }
}

async function parseOperation(line: string, host: Host): Promise<RequestOp> {
  const words = argify(line);
  if (words.length < 2) throw invalidInput(`invalid txn compare request: ${line}`);
  const found = findCommand(OPERATIONS, words);
  const scanned = scanArguments(localFlags(found.path), found.args);
  if (scanned.error !== undefined && found.error === undefined) {
    host.err(`${usageText(found.path)}\n`);
  }
  if (found.error !== undefined || scanned.error !== undefined || found.path.length < 2) {
    throw invalidInput(`invalid txn request: ${line}`);
  }
  const flags = scannedFlags(localFlags(found.path), scanned);
  const { args } = scanned;
  switch (found.path[1]?.name) {
    case PUT.name: {
      const nothing = (): Promise<Uint8Array> => Promise.resolve(Buffer.alloc(0));
      return RequestOp.create({ requestPut: await putRequest(args, flags, nothing) });
    }
    case GET.name:
      return RequestOp.create({ requestRange: rangeRequest(args, flags) });
    default:
      return RequestOp.create({ requestDeleteRange: await deleteRequest(args, flags, host) });
  }
}

export const txn: Command = async ({ args, flags, host, session }) => {
  if (args.length !== 0) throw badArguments("txn command does not accept argument");
  const { client, call } = await session();
  const lines = new StdinLines(host.stdin);
  const prompt = (text: string): void => {
    if (flags.bool("interactive")) host.out(`${text}\n`);
  };
  const operation = (line: string): Promise<RequestOp> => parseOperation(line, host);
  prompt("compares:");
  const compare: Compare[] = await readBlock(lines, parseCompare);
  prompt("success requests (get, put, del):");
  const success = await readBlock(lines, operation);
  prompt("failure requests (get, put, del):");
  const failure = await readBlock(lines, operation);
  const request = TxnRequest.create({ compare, success, failure });
  return { kind: "txn", response: await call((options) => client.kv.txn(request, options)) };
};
