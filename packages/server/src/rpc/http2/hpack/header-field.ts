/** What a field name means to HTTP/2 (RFC 9113, section 8), found once for each decoded field. */
export const FieldKind = {
  Regular: 0,
  Method: 1,
  Scheme: 2,
  Authority: 3,
  Path: 4,
  /** `te`, which may only say `trailers`. */
  Te: 5,
  ContentLength: 6,
  Host: 7,
  /** Makes its request malformed: an unknown pseudo-header, a bad name or value, `connection` etc. */
  Malformed: 8,
} as const;

const KINDS: ReadonlyMap<string, number> = new Map<string, number>([
  [":method", FieldKind.Method],
  [":scheme", FieldKind.Scheme],
  [":authority", FieldKind.Authority],
  [":path", FieldKind.Path],
  ["te", FieldKind.Te],
  ["content-length", FieldKind.ContentLength],
  ["host", FieldKind.Host],
  ["connection", FieldKind.Malformed],
  ["proxy-connection", FieldKind.Malformed],
  ["keep-alive", FieldKind.Malformed],
  ["transfer-encoding", FieldKind.Malformed],
  ["upgrade", FieldKind.Malformed],
]);

/** Lower-case tokens; RFC 9113, section 8.2.1, with the characters of RFC 9110, section 5.1. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const BAD_VALUE = /[\0\r\n]|^[ \t]|[ \t]$/;

/** RFC 7541, section 4.1. */
const ENTRY_OVERHEAD_BYTES = 32;

function kindOf(name: string, value: string): number {
  if (BAD_VALUE.test(value)) return FieldKind.Malformed;
  const kind = KINDS.get(name);
  if (kind !== undefined) return kind;
  return NAME.test(name) ? FieldKind.Regular : FieldKind.Malformed;
}

/** A header field as it came, one character for each byte. Immutable; dynamic tables share them. */
export class HeaderField {
  readonly name: string;
  readonly value: string;
  readonly kind: number;
  /** Bytes that HPACK and the limits count it with. */
  readonly size: number;

  constructor(name: string, value: string) {
    this.name = name;
    this.value = value;
    this.kind = kindOf(name, value);
    this.size = name.length + value.length + ENTRY_OVERHEAD_BYTES;
  }
}
