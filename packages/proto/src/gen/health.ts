// Written by scripts/generate-proto.ts. Do not edit: change the .proto file.
// The standard gRPC health checking protocol.
import type { MessageType, MethodDefinition } from "../wire/message-type.ts";
import { type BinaryReader, decodeWith } from "../wire/reader.ts";
import { type BinaryWriter, encodeWith } from "../wire/writer.ts";

export interface HealthCheckRequest {
  /** Empty: the server as a whole. */
  service: string;
}

export const HealthCheckRequest: MessageType<HealthCheckRequest> = {
  typeName: "grpc.health.v1.HealthCheckRequest",
  create: createHealthCheckRequest,
  write: writeHealthCheckRequest,
  read: readHealthCheckRequest,
  encode: (message) => encodeWith(message, writeHealthCheckRequest),
  decode: (bytes) => decodeWith(bytes, readHealthCheckRequest),
  fields: () => [
    { name: "service", localName: "service", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyHealthCheckRequest(): HealthCheckRequest {
  return {
    service: "",
  };
}

function createHealthCheckRequest(init?: Partial<HealthCheckRequest>): HealthCheckRequest {
  if (init === undefined) {
    return emptyHealthCheckRequest();
  }
  return {
    service: init.service ?? "",
  };
}

function writeHealthCheckRequest(m: HealthCheckRequest, w: BinaryWriter): void {
  if (m.service.length !== 0) {
    w.byte(10);
    w.string(m.service);
  }
}

function readHealthCheckRequest(r: BinaryReader, end: number, target?: HealthCheckRequest): HealthCheckRequest {
  const m = target ?? emptyHealthCheckRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.service = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface HealthCheckResponse {
  status: HealthCheckResponse_ServingStatus;
}

export const HealthCheckResponse: MessageType<HealthCheckResponse> = {
  typeName: "grpc.health.v1.HealthCheckResponse",
  create: createHealthCheckResponse,
  write: writeHealthCheckResponse,
  read: readHealthCheckResponse,
  encode: (message) => encodeWith(message, writeHealthCheckResponse),
  decode: (bytes) => decodeWith(bytes, readHealthCheckResponse),
  fields: () => [
    { name: "status", localName: "status", number: 1, kind: "enum", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: HealthCheckResponse_ServingStatus },
  ],
};

function emptyHealthCheckResponse(): HealthCheckResponse {
  return {
    status: 0,
  };
}

function createHealthCheckResponse(init?: Partial<HealthCheckResponse>): HealthCheckResponse {
  if (init === undefined) {
    return emptyHealthCheckResponse();
  }
  return {
    status: init.status ?? 0,
  };
}

function writeHealthCheckResponse(m: HealthCheckResponse, w: BinaryWriter): void {
  if (m.status !== 0) {
    w.byte(8);
    w.int32(m.status);
  }
}

function readHealthCheckResponse(r: BinaryReader, end: number, target?: HealthCheckResponse): HealthCheckResponse {
  const m = target ?? emptyHealthCheckResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.status = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export type HealthCheckResponse_ServingStatus = number;
export const HealthCheckResponse_ServingStatus = {
  UNKNOWN: 0,
  SERVING: 1,
  NOT_SERVING: 2,
  /** Used by Watch only. */
  SERVICE_UNKNOWN: 3,
} as const;

export const Health: {
  readonly check: MethodDefinition<HealthCheckRequest, HealthCheckResponse>;
  readonly watch: MethodDefinition<HealthCheckRequest, HealthCheckResponse>;
} = {
  check: {
    path: "/grpc.health.v1.Health/Check",
    service: "grpc.health.v1.Health",
    name: "Check",
    requestType: HealthCheckRequest,
    responseType: HealthCheckResponse,
    requestStream: false,
    responseStream: false,
  },
  watch: {
    path: "/grpc.health.v1.Health/Watch",
    service: "grpc.health.v1.Health",
    name: "Watch",
    requestType: HealthCheckRequest,
    responseType: HealthCheckResponse,
    requestStream: false,
    responseStream: true,
  },
};
