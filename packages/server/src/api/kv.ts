import {
  EtcdError,
  EtcdErrors,
  KV,
  type RangeRequest,
  RangeResponse,
  RangeStreamResponse,
} from "@kvorum/proto";
import type { EncodedRange, MemberPort } from "../member/ports.ts";
import {
  type Call,
  type MethodRegistration,
  type ResponseSink,
  serverStream,
  unary,
} from "../rpc/service.ts";
import { Headers } from "./header.ts";
import { untilWritable } from "./until-writable.ts";

const RANGE: typeof KV.range = {
  ...KV.range,
  responseType: { ...RangeResponse, encode: encodeRange },
};

function isEncoded(response: RangeResponse): response is EncodedRange {
  return "encode" in response;
}

function encodeRange(response: RangeResponse): Buffer {
  return isEncoded(response) ? response.encode() : RangeResponse.encode(response);
}

/** The KV service. The member checks requests before it does anything else. */
export function kvMethods(member: MemberPort): MethodRegistration[] {
  const headers = new Headers(member);
  return [
    unary(RANGE, (request) => range(member, headers, request)),
    serverStream(KV.rangeStream, (request, call, sink) =>
      streamRange(member.rangeStream(request), headers, { call, sink }),
    ),
    unary(KV.put, async (request) => headers.complete(await member.put(request))),
    unary(KV.deleteRange, async (request) => headers.complete(await member.deleteRange(request))),
    unary(KV.txn, async (request) => headers.complete(await member.txn(request))),
    unary(KV.compact, async (request) => headers.complete(await member.compact(request))),
  ];
}

/** A serializable read is answered in the same turn. */
function range(
  member: MemberPort,
  headers: Headers,
  request: RangeRequest,
): RangeResponse | Promise<RangeResponse> {
  if (member.isLearner && !request.serializable) {
    throw EtcdError.from(EtcdErrors.notSupportedForLearner);
  }
  const response = member.range(request);
  if (!(response instanceof Promise)) return headers.complete(response);
  return response.then((late) => headers.complete(late));
}

interface Stream {
  readonly call: Call;
  readonly sink: ResponseSink<RangeStreamResponse>;
}

/** Only the last chunk has a header; its revision is the one that was read. */
async function streamRange(
  chunks: AsyncIterable<RangeResponse>,
  headers: Headers,
  { call, sink }: Stream,
): Promise<void> {
  for await (const chunk of chunks) {
    const rangeResponse = headers.completeExisting(chunk);
    if (!sink.write(RangeStreamResponse.create({ rangeResponse }))) {
      await untilWritable(call, sink);
    }
    if (call.isCanceled) return;
  }
  sink.end();
}
