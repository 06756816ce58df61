/** The memory of a member, as its `/metrics` tell it. */
import { get as httpGet } from "node:http";
import { get as httpsGet, type RequestOptions } from "node:https";
import type { FlagValues } from "./grammar/flag-values.ts";

const METRIC = "process_resident_memory_bytes";

/** Reads a page; the text of the failure instead when there is none. */
function fetchText(url: string, options: RequestOptions): Promise<{ body: string } | string> {
  const get = url.startsWith("https://") ? httpsGet : httpGet;
  return new Promise((resolve) => {
    const failed = (error: Error): void => resolve(`fetch error: Get "${url}": ${error.message}`);
    const request = get(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", failed);
      response.once("end", () => resolve({ body: Buffer.concat(chunks).toString() }));
    });
    request.once("error", failed);
  });
}

/** The value of the metric in a page of metrics. */
export function memoryIn(page: string): number | undefined {
  const line = page.split("\n").find((one) => one.startsWith(METRIC));
  const value = line === undefined ? NaN : Number(line.slice(METRIC.length).trim() || NaN);
  return Number.isNaN(value) ? undefined : value;
}

/** Bytes, or why they cannot be told. */
export async function residentMemory(
  endpoint: string,
  flags: FlagValues,
): Promise<number | string> {
  const host = /^https?:\/\//.test(endpoint) ? endpoint : `http://${endpoint}`;
  let options: RequestOptions = {};
  if (host.startsWith("https://")) {
    const { readTlsOptions } = await import("./tls-files.ts");
    const { cert, key, ca, insecureSkipVerify } = await readTlsOptions(flags);
    options = { cert, key, ca, rejectUnauthorized: insecureSkipVerify !== true };
  }
  const page = await fetchText(`${host}/metrics`, options);
  if (typeof page === "string") return page;
  return memoryIn(page.body) ?? `could not find: ${METRIC}`;
}
