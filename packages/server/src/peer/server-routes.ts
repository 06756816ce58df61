/** The plain HTTP requests of the peer port. */
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  HashKVRequest,
  HashKVResponse,
  LeaseKeepAliveRequest,
  LeaseKeepAliveResponse,
  LeaseTimeToLiveRequest,
  LeaseTimeToLiveResponse,
} from "@kvorum/proto";
import type { PeerHost } from "../member/ports.ts";
import { encodeMember } from "../membership/member-codec.ts";
import { encodePeerError } from "./peer-error.ts";
import { PATHS, REQUEST_BYTES_MAX } from "./protocol.ts";
import { readSnapshotUpload } from "./snapshot-upload.ts";
import { versionDocument } from "../lib/version.ts";

type Handler = (host: PeerHost, request: IncomingMessage) => Promise<string | Uint8Array>;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > REQUEST_BYTES_MAX) throw new RangeError("request body too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const handlers: Record<string, Handler> = {
  [`GET ${PATHS.members}`]: (host) =>
    Promise.resolve(`[${host.members().map(encodeMember).join(",")}]\n`),
  [`GET ${PATHS.version}`]: (host) => Promise.resolve(versionDocument(host.clusterVersion)),
  [`POST ${PATHS.leases}`]: async (host, request) => {
    const { ID } = LeaseKeepAliveRequest.decode(await readBody(request));
    const TTL = await host.leaseRenew(ID);
    return LeaseKeepAliveResponse.encode(LeaseKeepAliveResponse.create({ ID, TTL }));
  },
  [`POST ${PATHS.leasesInternal}`]: async (host, request) => {
    const message = LeaseTimeToLiveRequest.decode(await readBody(request));
    return LeaseTimeToLiveResponse.encode(await host.leaseTimeToLive(message));
  },
  [`POST ${PATHS.hashKV}`]: async (host, request) => {
    const message = HashKVRequest.decode(await readBody(request));
    return HashKVResponse.encode(await host.hashKV(message));
  },
  [`POST ${PATHS.snapshot}`]: async (host, request) => {
    const { message, chunks } = await readSnapshotUpload(request);
    await host.receiveSnapshot(message, chunks);
    return "";
  },
};

function findHandler(method: string, path: string): Handler | undefined {
  const promoted = path.startsWith(PATHS.promote) ? path.slice(PATHS.promote.length) : "";
  if (method !== "POST" || !/^\d{1,20}$/.test(promoted)) return handlers[`${method} ${path}`];
  return async (host) => {
    await host.promoteMember(BigInt(promoted));
    return "";
  };
}

/** Answers one request: 404 for what is not served here, 400 with a code and text for a refusal. */
export async function handlePeerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  host: PeerHost,
): Promise<void> {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const handler = findHandler(request.method ?? "GET", path);
  if (handler === undefined) {
    response.writeHead(404).end();
    return;
  }
  try {
    const body = await handler(host, request);
    response.writeHead(200).end(body);
  } catch (error) {
    response.writeHead(400, { "content-type": "application/json" }).end(encodePeerError(error));
  }
}
