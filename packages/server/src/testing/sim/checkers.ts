/** What must be true of every run, whatever went wrong in it. Each throws a Violation. */
import { type KeyValue, RangeRequest } from "@kvorum/proto";
import { Violation } from "./commit-record.ts";
import type { AnsweredRead, History, SeenEvent, WatchRecord } from "./history.ts";
import type { Shadow } from "./shadow.ts";

/** Nothing acknowledged is missing, and it has the revision that the client was told. */
export function checkWrites(history: History, shadow: Shadow): void {
  for (const { requestText, revision } of history.writes) {
    const actual = shadow.revisionOf(requestText);
    if (actual !== revision) {
      throw new Violation(
        `acknowledged write ${requestText} at revision ${revision}: ` +
          (actual === undefined ? "lost" : `found at ${actual}`),
      );
    }
  }
}

/** A read shows one revision whole; a linearizable one nothing older than what was acknowledged. */
export function checkReads(history: History, shadow: Shadow): void {
  const writes = [...history.writes].sort((a, b) => a.endMs - b.endMs);
  const reads = [...history.reads].sort((a, b) => a.startMs - b.startMs);
  let acknowledged = 0;
  let next = 0;
  for (const read of reads) {
    for (; next < writes.length && writes[next]!.endMs < read.startMs; next++) {
      acknowledged = Math.max(acknowledged, writes[next]!.revision);
    }
    const revision = read.response.header?.revision ?? 0;
    if (read.linearizable && revision < acknowledged) {
      throw new Violation(
        `stale read: revision ${revision} after ${acknowledged} was acknowledged`,
      );
    }
    checkRead(read, revision, shadow);
  }
}

function checkRead(read: AnsweredRead, revision: number, shadow: Shadow): void {
  const request = RangeRequest.create({ ...read.request, revision });
  const expected = shadow.state.store.rangeSync(request).kvs.map(format).join(" ");
  const actual = read.response.kvs.map(format).join(" ");
  if (actual !== expected) {
    throw new Violation(`read at revision ${revision}: got [${actual}], expected [${expected}]`);
  }
}

function format(kv: KeyValue): string {
  const { key, value, createRevision, modRevision, version, lease } = kv;
  const pair = `${Buffer.from(key).toString()}=${Buffer.from(value).toString()}`;
  return `${pair}@${createRevision}.${modRevision}.${version}.${lease}`;
}

/** Every watcher saw every event of its keys from its start on: in order, each once, none left out. */
export function checkWatches(history: History, shadow: Shadow): void {
  for (const watch of history.watches) {
    const expected = shadow.events.filter(
      (event) => event.revision >= watch.startRevision && isWatched(watch, event.key),
    );
    checkPrefix(watch, expected);
    checkWhole(watch, expected);
    checkCompacted(watch, expected);
  }
}

function isWatched(watch: WatchRecord, key: string): boolean {
  return watch.rangeEnd === "" ? key === watch.key : key >= watch.key && key < watch.rangeEnd;
}

function checkPrefix(watch: WatchRecord, expected: readonly SeenEvent[]): void {
  watch.events.forEach((event, position) => {
    const wanted = expected[position];
    const same =
      wanted !== undefined &&
      wanted.revision === event.revision &&
      wanted.isDelete === event.isDelete &&
      wanted.key === event.key &&
      wanted.value === event.value;
    if (!same) {
      throw new Violation(
        `watch of ${watch.key} from ${watch.startRevision}: event ${position} is ` +
          `${JSON.stringify(event)}, expected ${JSON.stringify(wanted)}`,
      );
    }
  });
}

/** What a watcher has seen never ends inside a revision. */
function checkWhole(watch: WatchRecord, expected: readonly SeenEvent[]): void {
  const last = watch.events.at(-1)?.revision;
  const next = expected[watch.events.length]?.revision;
  if (last !== undefined && last === next) {
    throw new Violation(`watch of ${watch.key}: revision ${last} was split`);
  }
}

/** A watcher is only turned away when events that it still needed may be gone. */
function checkCompacted(watch: WatchRecord, expected: readonly SeenEvent[]): void {
  if (watch.compacted === undefined) return;
  const next = expected[watch.events.length]?.revision ?? Number.POSITIVE_INFINITY;
  const position = Math.max(watch.startRevision, (watch.events.at(-1)?.revision ?? 0) + 1);
  if (watch.compacted < position && watch.compacted < next) {
    throw new Violation(
      `watch of ${watch.key} at ${position} was cancelled for a compaction at ${watch.compacted}`,
    );
  }
}

/** No lease ends before the time that its holder was last promised, unless a client revoked it. */
export function checkLeases(history: History, shadow: Shadow): void {
  for (const { lease, appliedMs } of shadow.leaseEnds) {
    if (history.revokedByClients.has(lease)) continue;
    for (const { lease: kept, sentMs, ttlSeconds } of history.keepAlives) {
      const promisedMs = sentMs + ttlSeconds * 1000;
      if (kept === lease && sentMs < appliedMs && appliedMs < promisedMs) {
        throw new Violation(
          `lease ${lease} expired at ${appliedMs}, was promised until ${promisedMs}`,
        );
      }
    }
  }
}
