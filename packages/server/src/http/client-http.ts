/** What the client port answers to HTTP/1.1: health and version. Anything else is not found. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Log } from "../env/env.ts";
import { versionDocument } from "../lib/version.ts";
import type { MemberPort } from "../member/ports.ts";
import { type Checks, checkHealth, LIVEZ, READYZ, runChecks } from "./health.ts";

export interface ClientHttpOptions {
  readonly member: MemberPort;
  /** Cluster version, e.g. `3.7.0`; undefined until decided. */
  readonly clusterVersion: () => string | undefined;
  readonly log: Log;
}

type Route = (response: ServerResponse, query: URLSearchParams) => Promise<void>;

const TEXT = {
  "content-type": "text/plain; charset=utf-8",
  "x-content-type-options": "nosniff",
};

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, TEXT).end(text);
}

async function health(
  { member, log }: ClientHttpOptions,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const report = await checkHealth(member, {
    serializable: query.get("serializable") === "true",
    excludedAlarms: query.getAll("exclude"),
  });
  const body = JSON.stringify(report);
  if (report.health === "true") {
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(body);
    return;
  }
  log.warn("/health error", { output: body, "status-code": 503 });
  sendText(response, 503, `${body}\n`);
}

async function checks(
  { member }: ClientHttpOptions,
  selected: Checks,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const excluded = query.getAll("exclude");
  const wanted = Object.entries(selected).filter(([name]) => !excluded.includes(name));
  const { ok, lines } = await runChecks(member, Object.fromEntries(wanted));
  if (!ok) sendText(response, 503, `${lines}\n`);
  else sendText(response, 200, `${query.has("verbose") ? lines : ""}ok\n`);
}

function routesOf(options: ClientHttpOptions): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>([
    ["/health", (response, query) => health(options, response, query)],
  ]);
  for (const [path, all] of Object.entries({ "/livez": LIVEZ, "/readyz": READYZ })) {
    routes.set(path, (response, query) => checks(options, all, response, query));
    for (const [name, check] of Object.entries(all)) {
      const one = { [name]: check };
      routes.set(`${path}/${name}`, (response, query) => checks(options, one, response, query));
    }
  }
  routes.set("/version", async (response) => {
    const body = versionDocument(options.clusterVersion());
    await Promise.resolve();
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  });
  return routes;
}

function refuse(request: IncomingMessage, response: ServerResponse, known: boolean): void {
  request.resume();
  if (!known) return sendText(response, 404, "404 page not found\n");
  response.setHeader("allow", "GET");
  sendText(response, 405, "Method Not Allowed\n");
}

/** A request listener that never throws. */
export function createClientHttp(options: ClientHttpOptions): RequestListener {
  const routes = routesOf(options);
  return (request, response) => {
    const [path = "/", search = ""] = (request.url ?? "/").split("?");
    const route = routes.get(path);
    if (route === undefined || request.method !== "GET") {
      return refuse(request, response, route !== undefined);
    }
    route(response, new URLSearchParams(search)).catch((error: unknown) => {
      options.log.warn("failed to answer an HTTP request", { path, error });
      if (!response.headersSent) sendText(response, 500, "Internal Server Error\n");
    });
  };
}
