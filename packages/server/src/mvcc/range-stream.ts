import { type RangeRequest, RangeResponse, ResponseHeader } from "@kvorum/proto";
import { bytesToKey, keyToBytes } from "../lib/bytes.ts";
import type { Store } from "./store.ts";

const FIRST_CHUNK_KEYS = 10;

/**
 * A range in chunks, all of one revision: ten keys first, then twice or half as many as before, to
 * come near `chunkBytes`. Only the last chunk has header, more and count. The request must have
 * passed `checkRangeStreamRequest`. A compaction between two chunks ends the stream with compacted.
 */
export async function* rangeStream(
  store: Store,
  request: RangeRequest,
  chunkBytes: number,
): AsyncGenerator<RangeResponse> {
  if (request.countOnly) {
    const { header, count } = await store.range(request);
    yield RangeResponse.create({ ...(header === undefined ? {} : { header }), count });
    return;
  }
  const keysMax = request.limit > 0 ? request.limit : Number.MAX_SAFE_INTEGER;
  const revision = request.revision > 0 ? request.revision : store.currentRevision;
  const headerRevision = store.currentRevision;
  let next: RangeRequest = {
    ...request,
    revision,
    limit: Math.min(FIRST_CHUNK_KEYS, keysMax),
  };
  let sent = 0;
  for (;;) {
    const chunk: RangeResponse = await store.range(next, { withTotal: false });
    sent += chunk.kvs.length;
    const rest: RangeRequest | undefined = chunk.more ? restOf(next, chunk) : undefined;
    if (rest === undefined || sent === keysMax) {
      yield await lastChunk(store, chunk, rest, { headerRevision, sent });
      return;
    }
    yield RangeResponse.create({ kvs: chunk.kvs });
    const limit = nextLimit(next.limit, RangeResponse.encode(chunk).length, chunkBytes);
    next = { ...rest, limit: Math.min(limit, keysMax - sent) };
  }
}

async function lastChunk(
  store: Store,
  chunk: RangeResponse,
  rest: RangeRequest | undefined,
  { headerRevision, sent }: { readonly headerRevision: number; readonly sent: number },
): Promise<RangeResponse> {
  let count = sent;
  if (rest !== undefined) {
    count += (await store.range({ ...rest, limit: 0, countOnly: true })).count;
  }
  const header = ResponseHeader.create({ revision: headerRevision });
  return RangeResponse.create({ header, kvs: chunk.kvs, more: chunk.more, count });
}

/** The same range, from behind the last key of `chunk` on. */
function restOf(request: RangeRequest, chunk: RangeResponse): RangeRequest {
  return { ...request, key: keyToBytes(`${bytesToKey(chunk.kvs.at(-1)!.key)}\0`) };
}

function nextLimit(limit: number, bytes: number, chunkBytes: number): number {
  if (bytes < chunkBytes / 2) {
    return limit * 2;
  }
  return bytes > chunkBytes * 2 ? Math.max(1, Math.floor(limit / 2)) : limit;
}
