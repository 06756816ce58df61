/**
 * What gRPC makes of the head of a request: the method it calls, or the answer that refuses it. Worked
 * out once for each head; clients that repeat themselves share it.
 */
import { ACCEPTED_ENCODINGS, isKnownEncoding } from "./compression.ts";
import { HEADER_FIELDS_MAX, HEADER_LIST_BYTES_MAX } from "./http2/limits.ts";
import type { RequestHead } from "./http2/request-head.ts";
import { OutgoingField } from "./http2/hpack/encoder.ts";
import {
  type Fields,
  findBadBase64,
  firstValue,
  GZIP_RESPONSE_HEADERS,
  isBinary,
  RESPONSE_HEADERS,
  trailersOnly,
} from "./metadata.ts";
import type { MethodRegistration } from "./service.ts";
import { RpcError, StatusCode } from "./status.ts";
import { explainTimeout, parseTimeoutMs } from "./timeout.ts";

const INVALID_ARGUMENT = 3;

export class GrpcRequest {
  readonly head: RequestHead;
  readonly registration: MethodRegistration | undefined;
  /** The whole answer to a request that is refused. */
  readonly refusal: Fields | undefined;
  /** Infinity when the client gave none. */
  readonly timeoutMs: number;
  /** Of messages that are flagged as compressed; empty when the client named none. */
  readonly encoding: string;
  /** In front of the response, if it is not an error. */
  readonly responseHeaders: Fields;

  constructor(
    head: RequestHead,
    outcome: { registration?: MethodRegistration; refusal?: Fields; timeoutMs?: number },
  ) {
    this.head = head;
    this.registration = outcome.registration;
    this.refusal = outcome.refusal;
    this.timeoutMs = outcome.timeoutMs ?? Infinity;
    this.encoding = head.get("grpc-encoding") ?? "";
    this.responseHeaders = this.isGzip ? GZIP_RESPONSE_HEADERS : RESPONSE_HEADERS;
  }

  /** A client that may compress its requests gets compressed responses. */
  get isGzip(): boolean {
    return this.encoding === "gzip";
  }
}

function refuse(code: number, message: string, httpStatus = 200): Fields {
  return trailersOnly(new RpcError(code, message), httpStatus);
}

/** The methods of a server, by path. */
export class MethodTable {
  readonly #methods = new Map<string, MethodRegistration>();
  readonly #services = new Set<string>();

  constructor(registrations: readonly MethodRegistration[]) {
    for (const registration of registrations) {
      const { path } = registration.method;
      this.#methods.set(path, registration);
      this.#services.add(path.slice(1, path.lastIndexOf("/")));
    }
  }

  /** The prepared form of a head; made on first use. */
  prepare(head: RequestHead): GrpcRequest {
    const { prepared } = head;
    if (prepared instanceof GrpcRequest) return prepared;
    const request = this.#prepare(head);
    head.prepared = request;
    return request;
  }

  #prepare(head: RequestHead): GrpcRequest {
    if (head.isTruncated) return new GrpcRequest(head, { refusal: tooLarge(head) });
    const malformed = checkContentType(head) ?? checkBinary(head);
    if (malformed !== undefined) return new GrpcRequest(head, { refusal: malformed });
    const timeout = head.get("grpc-timeout");
    const timeoutMs = timeout === undefined ? Infinity : parseTimeoutMs(timeout);
    if (timeoutMs === undefined) {
      const text = `malformed grpc-timeout: ${explainTimeout(timeout ?? "")}`;
      return new GrpcRequest(head, { refusal: refuse(StatusCode.Internal, text, 400) });
    }
    if (head.method !== "POST") {
      const text = `Received a HEADERS frame with :method ${JSON.stringify(head.method)} which should be POST`;
      return new GrpcRequest(head, { refusal: refuse(StatusCode.Internal, text, 405) });
    }
    const registration = this.#methods.get(head.path);
    if (registration === undefined) {
      return new GrpcRequest(head, { refusal: this.#unknownMethod(head.path) });
    }
    const encoding = checkEncoding(head);
    if (encoding !== undefined) return new GrpcRequest(head, { refusal: encoding });
    return new GrpcRequest(head, { registration, timeoutMs });
  }

  #unknownMethod(path: string): Fields {
    const slash = path.lastIndexOf("/");
    if (!path.startsWith("/") || slash === 0) {
      const text = `malformed method name: ${JSON.stringify(path)}`;
      return refuse(StatusCode.Unimplemented, text);
    }
    const service = path.slice(1, slash);
    const text = this.#services.has(service)
      ? `unknown method ${path.slice(slash + 1)} for service ${service}`
      : `unknown service ${service}`;
    return refuse(StatusCode.Unimplemented, text);
  }
}

const CONTENT_TYPE = /^application\/grpc(?:$|[+;])/;

function checkContentType(head: RequestHead): Fields | undefined {
  const type = head.get("content-type") ?? "";
  if (CONTENT_TYPE.test(type.toLowerCase())) return undefined;
  const text = `invalid gRPC request content-type ${JSON.stringify(type)}`;
  return refuse(INVALID_ARGUMENT, text, 415);
}

/** What speaks gRPC reads its status, the rest of the world that of HTTP. */
function tooLarge(head: RequestHead): Fields {
  const text = `received metadata larger than max (${HEADER_LIST_BYTES_MAX} bytes, ${HEADER_FIELDS_MAX} fields)`;
  const isGrpc = checkContentType(head) === undefined;
  return refuse(StatusCode.ResourceExhausted, text, isGrpc ? 200 : 431);
}

function checkBinary(head: RequestHead): Fields | undefined {
  for (const { name, value } of head.fields) {
    if (!isBinary(name)) continue;
    const at = findBadBase64(firstValue(value));
    if (at < 0) continue;
    const where = `${JSON.stringify(value)} in header ${JSON.stringify(name)}`;
    const text = `malformed binary metadata ${where}: illegal base64 data at input byte ${at}`;
    return refuse(StatusCode.Internal, text, 400);
  }
  return undefined;
}

function checkEncoding(head: RequestHead): Fields | undefined {
  const encoding = head.get("grpc-encoding");
  if (encoding === undefined || isKnownEncoding(encoding)) return undefined;
  const text = `grpc: Decompressor is not installed for grpc-encoding ${JSON.stringify(encoding)}`;
  return [
    ...refuse(StatusCode.Unimplemented, text),
    new OutgoingField("grpc-accept-encoding", ACCEPTED_ENCODINGS),
  ];
}
