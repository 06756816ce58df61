import { HeaderField } from "./header-field.ts";

/** RFC 7541, appendix A: `name` or `name value`, from index 1. */
const ENTRIES = `:authority
:method GET
:method POST
:path /
:path /index.html
:scheme http
:scheme https
:status 200
:status 204
:status 206
:status 304
:status 400
:status 404
:status 500
accept-charset
accept-encoding gzip, deflate
accept-language
accept-ranges
accept
access-control-allow-origin
age
allow
authorization
cache-control
content-disposition
content-encoding
content-language
content-length
content-location
content-range
content-type
cookie
date
etag
expect
expires
from
host
if-match
if-modified-since
if-none-match
if-range
if-unmodified-since
last-modified
link
location
max-forwards
proxy-authenticate
proxy-authorization
range
referer
refresh
retry-after
server
set-cookie
strict-transport-security
transfer-encoding
user-agent
vary
via
www-authenticate`;

function parse(line: string): HeaderField {
  const space = line.indexOf(" ");
  if (space < 0) return new HeaderField(line, "");
  return new HeaderField(line.slice(0, space), line.slice(space + 1));
}

/** Index 1 is the first element. */
export const STATIC_TABLE: readonly HeaderField[] = ENTRIES.split("\n").map(parse);

export const STATIC_LENGTH: number = STATIC_TABLE.length;

/** Of the first entry with this name; 0 when there is none. */
export function staticNameIndex(name: string): number {
  return STATIC_TABLE.findIndex((field) => field.name === name) + 1;
}

/** Of the entry with this name and value; 0 when there is none. */
export function staticIndex(name: string, value: string): number {
  return STATIC_TABLE.findIndex((field) => field.name === name && field.value === value) + 1;
}
