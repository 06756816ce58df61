/** The wire: messages, services and errors of the etcd v3 API. Loads nothing but itself. */
export * from "./error-codes.ts";
export * from "./etcd-error.ts";
export * from "./gen/auth.ts";
export * from "./gen/election.ts";
export * from "./gen/health.ts";
export * from "./gen/internal.ts";
export * from "./gen/kv.ts";
export * from "./gen/lock.ts";
export * from "./gen/membership.ts";
export * from "./gen/rpc.ts";
export * from "./grpc-status.ts";
export { DecodeError } from "./wire/decode-error.ts";
export type { FieldInfo, FieldKind, MessageType, MethodDefinition } from "./wire/message-type.ts";
export { BinaryReader, decodeWith, EMPTY_BYTES, MESSAGE_DEPTH_MAX } from "./wire/reader.ts";
export { BinaryWriter, encodeWith } from "./wire/writer.ts";
