/** What a role may read and write, for people. */
import { type Permission, Permission_Type } from "@kvorum/proto";
import { prefixEnd } from "../key-range.ts";
import type { ReportOf } from "../report.ts";
import type { Output } from "./output.ts";

const ROOT = "root";
const OPEN_END = "[, <open ended>";

function isOpenEnded(rangeEnd: Uint8Array): boolean {
  return rangeEnd.length === 1 && rangeEnd[0] === 0;
}

function permissionLine({ key, rangeEnd }: Permission, output: Output): void {
  if (rangeEnd.length === 0) {
    output.line("\t", key);
    return;
  }
  output.write("\t[", key, ", ");
  if (isOpenEnded(rangeEnd)) output.write("<open ended>");
  else output.write(rangeEnd, ")");
  const isPrefix = key.length > 0 && Buffer.compare(prefixEnd(key), rangeEnd) === 0;
  if (isPrefix) output.write(" (prefix ", key, ")");
  output.line();
}

export function printRole({ role, response }: ReportOf<"roleGet">, output: Output): void {
  const { READ, WRITE, READWRITE } = Permission_Type;
  output.line(`Role ${role}`);
  for (const [title, type] of [
    ["KV Read:", READ],
    ["KV Write:", WRITE],
  ] as const) {
    output.line(title);
    if (role === ROOT && response.perm.length === 0) output.line(`\t${OPEN_END}`);
    for (const permission of response.perm) {
      const { permType } = permission;
      if (permType === type || permType === READWRITE) permissionLine(permission, output);
    }
  }
}
