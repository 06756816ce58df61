import type { BinaryReader } from "./reader.ts";
import type { BinaryWriter } from "./writer.ts";

/**
 * How the code talks about one kind of message. Every value made by `create`, `read` or `decode`
 * has all its fields, in one fixed order, so that V8 sees one shape.
 */
export interface MessageType<T> {
  /** Full name, as "etcdserverpb.PutRequest". */
  readonly typeName: string;
  /** A message with the given fields; the others have their default values. */
  create(this: void, init?: Partial<T>): T;
  /** Appends the fields of `message`, in field-number order, defaults left out. */
  write(this: void, message: T, writer: BinaryWriter): void;
  /**
   * Reads up to the position `end`, into `target` if given (a later occurrence of a message field
   * merges into the earlier). Throws DecodeError.
   */
  read(this: void, reader: BinaryReader, end: number, target?: T): T;
  /** The message's bytes in a buffer that the caller owns. */
  encode(this: void, message: T): Buffer;
  /**
   * Fields of type `bytes` are views into `bytes`, not copies: they are valid while its content
   * is not reused. Throws DecodeError.
   */
  decode(this: void, bytes: Uint8Array): T;
  /** The schema, for code that treats all messages alike: JSON, printers, tests. */
  fields(this: void): readonly FieldInfo[];
}

export type FieldKind =
  | "bool"
  | "bytes"
  | "enum"
  | "int32"
  | "int64"
  | "message"
  | "string"
  | "uint32"
  | "uint64";

/** One field of a message type. */
export interface FieldInfo {
  /** Name in the .proto file, "create_revision". */
  readonly name: string;
  /** Property of the message object, "createRevision". */
  readonly localName: string;
  readonly number: number;
  readonly kind: FieldKind;
  readonly repeated: boolean;
  /** Set for 64-bit integers that are bigints. */
  readonly bigint: boolean;
  /** Name of the oneof the field belongs to. */
  readonly oneof: string | undefined;
  /** For kind "message". */
  readonly messageType: MessageType<unknown> | undefined;
  /** For kind "enum": names to numbers. */
  readonly enumType: Readonly<Record<string, number>> | undefined;
}

/** One RPC of a service. */
export interface MethodDefinition<Request, Response> {
  /** As in the HTTP/2 `:path`, "/etcdserverpb.KV/Range". */
  readonly path: string;
  /** As "etcdserverpb.KV". */
  readonly service: string;
  /** As "Range". */
  readonly name: string;
  readonly requestType: MessageType<Request>;
  readonly responseType: MessageType<Response>;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}
