/** Requests to one peer over plain HTTP: small bodies both ways, and one streamed upload. */
import {
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
} from "node:http";
import { request as httpsRequest } from "node:https";
import { errorCode, toError } from "../lib/error-code.ts";
import { formatHex, type PeerIdentity } from "./identity.ts";
import { HEADERS } from "./protocol.ts";

/** An answer longer than this is not one of ours. */
const RESPONSE_BYTES_MAX = 16 * 1024 * 1024;

export interface PeerReply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export interface PeerCall {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly timeoutMs: number;
  readonly body?: Uint8Array;
  /** The member that is meant; whoever else answers at the URL refuses. */
  readonly to?: bigint;
  /** Breaks the call off. */
  readonly signal?: AbortSignal;
  /** Left out where we do not belong to a cluster yet. */
  readonly identity?: PeerIdentity;
}

/** A connection that was used before broke under a request, which the peer has most likely not seen. */
export class StaleConnectionError extends Error {
  override readonly name = "StaleConnectionError";
}

/** Without an agent on a connection of its own. */
function open(baseUrl: string, call: PeerCall, agent?: Agent): ClientRequest {
  const url = new URL(call.path, baseUrl);
  const headers: Record<string, string> = {};
  if (call.identity !== undefined) {
    headers[HEADERS.clusterId] = formatHex(call.identity.clusterId);
    headers[HEADERS.from] = formatHex(call.identity.memberId);
  }
  if (call.to !== undefined) headers[HEADERS.to] = formatHex(call.to);
  const isPlain = url.protocol === "http:";
  const { method, timeoutMs: timeout, signal } = call;
  const options = { method, headers, timeout, ...(signal && { signal }) };
  const request = isPlain
    ? httpRequest(url, { ...options, agent: agent ?? false })
    : httpsRequest(url, { ...options, agent: false });
  request.once("timeout", () => request.destroy(new Error(`no answer in ${call.timeoutMs} ms`)));
  return request;
}

function reply(request: ClientRequest): Promise<PeerReply> {
  return new Promise((resolve, reject) => {
    request.on("error", (error) => reject(isStale(request, error) ? stale(error) : error));
    request.once("response", (response) => {
      collectBody(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    });
  });
}

function isStale(request: ClientRequest, error: Error): boolean {
  const code = errorCode(error);
  return request.reusedSocket && (code === "ECONNRESET" || code === "EPIPE");
}

function stale(cause: Error): StaleConnectionError {
  return new StaleConnectionError(cause.message, { cause });
}

async function collectBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > RESPONSE_BYTES_MAX) throw new RangeError("peer answer too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * One request, one answer. Rejects when the peer cannot be reached or does not answer in time; with
 * `StaleConnectionError` where another connection may be all it takes.
 */
export function callPeer(baseUrl: string, call: PeerCall, agent?: Agent): Promise<PeerReply> {
  const request = open(baseUrl, call, agent);
  const answer = reply(request);
  request.end(call.body);
  return answer;
}

/**
 * Uploads `chunks`, the next of which is asked for when the one before has left; `timeoutMs` bounds
 * silence, not the whole.
 */
export async function uploadToPeer(
  baseUrl: string,
  call: PeerCall,
  chunks: AsyncIterable<Uint8Array>,
): Promise<PeerReply> {
  const request = open(baseUrl, call);
  const answer = reply(request).then((answered) => {
    // Refused: the rest need not be sent.
    if (answered.status !== 200) request.destroy();
    return answered;
  });
  const [, settled] = await Promise.allSettled([sendAll(request, chunks), answer]);
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
}

/** Ends the request in any case. */
async function sendAll(request: ClientRequest, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of chunks) await sent(request, chunk);
    request.end();
  } catch (error) {
    request.destroy(toError(error));
  }
}

/** Resolves when the socket has taken the chunk and does not look at its memory any more. */
function sent(request: ClientRequest, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = (): void => reject(new Error("the upload was broken off"));
    if (request.destroyed) return onClose();
    request.once("close", onClose);
    request.write(chunk, (error) => {
      request.off("close", onClose);
      if (error) reject(error);
      else resolve();
    });
  });
}
