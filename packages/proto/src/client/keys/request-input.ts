/** Requests as callers write them: the protocol's fields, all optional, with text for bytes. */
import {
  DeleteRangeRequest,
  PutRequest,
  RangeRequest,
  type WatchCreateRequest,
} from "../../gen/rpc.ts";
import { type Bytes, toBytes } from "./bytes.ts";

/** `T` with strings allowed for byte strings. */
export type WithText<T> = {
  readonly [Field in keyof T]?: T[Field] extends Uint8Array ? Bytes : T[Field];
};

export type RangeInput = WithText<RangeRequest>;
export type PutInput = WithText<PutRequest>;
export type DeleteRangeInput = WithText<DeleteRangeRequest>;
export type WatchInput = WithText<Omit<WatchCreateRequest, "watchId">>;

export function toRangeRequest(input: RangeInput): RangeRequest {
  return RangeRequest.create({ ...input, ...rangeOf(input) });
}

export function toPutRequest(input: PutInput): PutRequest {
  const { key = "", value = "" } = input;
  return PutRequest.create({ ...input, key: toBytes(key), value: toBytes(value) });
}

export function toDeleteRangeRequest(input: DeleteRangeInput): DeleteRangeRequest {
  return DeleteRangeRequest.create({ ...input, ...rangeOf(input) });
}

export function rangeOf(input: { readonly key?: Bytes; readonly rangeEnd?: Bytes }): {
  key: Uint8Array;
  rangeEnd: Uint8Array;
} {
  return { key: toBytes(input.key ?? ""), rangeEnd: toBytes(input.rangeEnd ?? "") };
}
