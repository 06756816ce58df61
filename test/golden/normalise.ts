/** Takes out of an output what must differ between two runs, and nothing else. */
import type { Known } from "./known.ts";
import type { Same } from "./scenario.ts";

/** What etcd's client library logs of its failures; the error itself follows on a line of its own. */
const LIBRARY_LOG =
  /^\{"level":"(?:warn|error)",[^\n]*"msg":"(?:retrying of unary invoker failed|streamer failed to create ClientStream)"[^\n]*\n/gm;
const LOG_LINE = /^\{"level":[^\n]*\}\r?$/gm;
/** Where in the program a line was logged, and when. */
const PLACES = new Set(["ts", "caller", "logger", "stacktrace"]);

/** A log line without its place and time. */
function logLine(line: string): string {
  try {
    const fields = Object.entries(JSON.parse(line) as object);
    return JSON.stringify(Object.fromEntries(fields.filter(([name]) => !PLACES.has(name))));
  } catch {
    return line;
  }
}

const DURATION = String.raw`(?:\d+h)?(?:\d+m(?!s))?\d+(?:\.\d+)?(?:[mnµ]?s|[hm])`;

const PATTERNS: Same = [
  [/\b(Member|cluster) +(?=\{)/g, "$1 "], // Ids with fewer digits are filled up with blanks.
  [/(?<![a-z])(?:kvorumctl|etcdctl|etcdutl)/g, "<ctl>"],
  [new RegExp(`(took(?:"?[ :="]*))${DURATION}`, "g"), "$1<duration>"],
  [new RegExp(`("Took" : )"?${DURATION}"?`, "g"), "$1<duration>"],
  [/"(raft_term|raftTerm|raftIndex|raftAppliedIndex)":\d+/g, '"$1":<n>'],
  [/"dbSize":\d+,/g, '"dbSize":<size>,'],
  [/"dbSizeInUse":\d+,/g, ""], // Left out where it is 0.
  [/("RaftTerm"|"RaftIndex"|"RaftAppliedIndex") : \d+/g, "$1 : <n>"],
  [/("DBSize"|"DBSizeInUse") : \d+/g, "$1 : <size>"],
];

/** The header of a message by its field numbers: cluster, member, revision, term. */
const PROTO_TERM = /(1: \{\w+\} 2: \{\w+\} (?:3: \d+ )?4: )\d+/g;

export function normalise(text: string, known: Known, same: Same = []): string {
  let normal = text.replaceAll(LIBRARY_LOG, "").replaceAll(LOG_LINE, logLine);
  normal = known.hide(normal).replaceAll(PROTO_TERM, "$1<n>");
  for (const [pattern, replacement] of [...PATTERNS, ...same]) {
    normal = normal.replaceAll(pattern, replacement);
  }
  return normal;
}
