import {
  EtcdError,
  EtcdErrors,
  KV,
  type RangeRequest,
  RangeResponse,
  RangeStreamResponse,
} from "@kvorum/proto";
import type { LongMessage } from "../lib/long-message.ts";
import type { Later } from "../lib/reply.ts";
import type { LongRange, MemberPort } from "../member/ports.ts";
import {
  type Call,
  type MethodRegistration,
  type ResponseSink,
  serverStream,
  unary,
  type UnaryMethod,
} from "../rpc/service.ts";
import { Headers } from "./header.ts";
import { untilWritable } from "./until-writable.ts";

const RANGE: UnaryMethod<RangeRequest, RangeResponse> = {
  ...KV.range,
  responseType: { ...RangeResponse, encode: encodeRange },
};

function isLong(response: RangeResponse): response is LongRange {
  return "encode" in response;
}

function encodeRange(response: RangeResponse): Uint8Array | LongMessage {
  return isLong(response) ? response.encode() : RangeResponse.encode(response);
}

/** The KV service. The member checks requests before it does anything else. */
export function kvMethods(member: MemberPort): MethodRegistration[] {
  const headers = new Headers(member);
  const { complete } = headers;
  return [
    unary(RANGE, (request) => range(member, request), complete),
    serverStream(KV.rangeStream, (request, call, sink) =>
      streamRange(member.rangeStream(request), headers, { call, sink }),
    ),
    unary(KV.put, (request) => member.put(request), complete),
    unary(KV.deleteRange, (request) => member.deleteRange(request), complete),
    unary(KV.txn, (request) => member.txn(request), complete),
    unary(KV.compact, (request) => member.compact(request), complete),
  ];
}

/** A serializable read is answered in the same turn. */
function range(member: MemberPort, request: RangeRequest): RangeResponse | Later<RangeResponse> {
  if (member.isLearner && !request.serializable) {
    throw EtcdError.from(EtcdErrors.notSupportedForLearner);
  }
  return member.range(request);
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
