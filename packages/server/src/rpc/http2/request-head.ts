/** What a valid header block of a request says; RFC 9113, section 8.3.1. */
import { FieldKind, type HeaderField } from "./hpack/header-field.ts";
import type { HeaderList } from "./hpack/header-list.ts";

/**
 * The head of a request. Immutable but for `prepared`: requests of one connection whose blocks are the
 * same bytes share one head.
 */
export class RequestHead {
  readonly method: string;
  readonly scheme: string;
  readonly path: string;
  /** `:authority`, or `host` in its place; empty when there is neither. */
  readonly authority: string;
  /** -1 when absent. */
  readonly contentLength: number;
  /** All but pseudo-headers, in order. */
  readonly fields: readonly HeaderField[];
  /** Size of the header list. */
  readonly bytes: number;
  /** The list is over the limit and some of its fields are missing: the request is to be refused. */
  readonly isTruncated: boolean;
  /** What the server has made of the head, kept for the next request that shares it. */
  prepared: unknown = undefined;

  constructor(parts: HeadParts) {
    this.method = parts.method ?? "";
    this.scheme = parts.scheme ?? "";
    this.path = parts.path ?? "";
    this.authority = parts.authority ?? parts.host ?? "";
    this.contentLength = parts.contentLength;
    this.fields = parts.fields;
    this.bytes = parts.bytes;
    this.isTruncated = parts.isTruncated;
  }

  /** The first value of a field; `undefined` when absent. */
  get(name: string): string | undefined {
    for (const field of this.fields) if (field.name === name) return field.value;
    return undefined;
  }
}

interface HeadParts {
  method: string | undefined;
  scheme: string | undefined;
  path: string | undefined;
  authority: string | undefined;
  host: string | undefined;
  contentLength: number;
  fields: HeaderField[];
  readonly bytes: number;
  readonly isTruncated: boolean;
}

const DIGITS = /^\d{1,15}$/;

/** False when the pseudo-header is there already or stands behind a regular field. */
function setPseudo(
  parts: HeadParts,
  name: "method" | "scheme" | "path" | "authority",
  value: string,
): boolean {
  if (parts[name] !== undefined || parts.fields.length > 0) return false;
  parts[name] = value;
  return true;
}

function setContentLength(parts: HeadParts, value: string): boolean {
  if (!DIGITS.test(value)) return false;
  const length = Number(value);
  const isNew = parts.contentLength < 0 || parts.contentLength === length;
  parts.contentLength = length;
  return isNew;
}

function setHost(parts: HeadParts, value: string): boolean {
  if (parts.host !== undefined) return false;
  parts.host = value;
  return true;
}

function take(parts: HeadParts, field: HeaderField): boolean {
  const { kind, value } = field;
  switch (kind) {
    case FieldKind.Method:
      return setPseudo(parts, "method", value);
    case FieldKind.Scheme:
      return setPseudo(parts, "scheme", value);
    case FieldKind.Authority:
      return setPseudo(parts, "authority", value);
    case FieldKind.Path:
      return setPseudo(parts, "path", value);
    case FieldKind.Malformed:
      return false;
    case FieldKind.Te:
      if (value !== "trailers") return false;
      break;
    case FieldKind.ContentLength:
      if (!setContentLength(parts, value)) return false;
      break;
    case FieldKind.Host:
      if (!setHost(parts, value)) return false;
      break;
    default:
      break;
  }
  parts.fields.push(field);
  return true;
}

/** `undefined` when the request is malformed. */
export function parseRequestHead(list: HeaderList): RequestHead | undefined {
  const parts: HeadParts = {
    method: undefined,
    scheme: undefined,
    path: undefined,
    authority: undefined,
    host: undefined,
    contentLength: -1,
    fields: [],
    bytes: list.bytes,
    isTruncated: list.isOverLimit,
  };
  for (const field of list.fields) if (!take(parts, field)) return undefined;
  const { method, scheme, path } = parts;
  if (method === undefined || scheme === undefined || path === undefined || path === "") {
    return undefined;
  }
  return new RequestHead(parts);
}

/** Whether the fields may follow a request's body: no pseudo-headers, nothing malformed. */
export function areTrailersValid(fields: readonly HeaderField[]): boolean {
  for (const { kind } of fields) {
    if (kind === FieldKind.Malformed) return false;
    if (kind >= FieldKind.Method && kind <= FieldKind.Path) return false;
  }
  return true;
}
