/** Log lines on stderr in the form of etcdctl's: one JSON object each. */
import { jsonObject, jsonString } from "./go/json.ts";
import type { Host } from "./host.ts";

export type LogLevel = "info" | "warn" | "error" | "fatal";

export function logLine(
  host: Host,
  level: LogLevel,
  message: string,
  fields: Readonly<Record<string, string>> = {},
): void {
  const values = Object.entries(fields).map(([name, value]) => [name, jsonString(value)]);
  const line = jsonObject({
    level: jsonString(level),
    ts: jsonString(new Date().toISOString().replace("Z", "000Z")),
    msg: jsonString(message),
    ...(Object.fromEntries(values) as Record<string, string>),
  });
  host.err(`${line}\n`);
}
