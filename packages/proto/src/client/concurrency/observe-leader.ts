import { EtcdErrors } from "../../error-codes.ts";
import { Event_EventType, type KeyValue } from "../../gen/kv.ts";
import { CallScope } from "../call-scope.ts";
import { prefixRange } from "../keys/key-range.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { toEtcdError } from "../to-etcd-error.ts";
import { WatchCompactedError, type Watcher, type WatchOptions } from "../watcher.ts";
import { oldestKey } from "./queue-place.ts";

const PAUSE_MS = 100;

/** See Election.observe. */
export async function* observeLeader(
  client: Namespace,
  prefix: Uint8Array,
  signal: AbortSignal | undefined,
): AsyncGenerator<KeyValue, void, void> {
  const scope = new CallScope(undefined, signal);
  let last: KeyValue | undefined;
  while (!scope.isAborted) {
    try {
      for await (const leader of reignOf(client, prefix, signal)) {
        if (!isSameVersion(leader, last)) {
          last = leader;
          yield leader;
        }
      }
    } catch (thrown) {
      if (scope.isAborted) {
        return;
      }
      throwUnlessPassing(thrown);
      await scope.sleep(PAUSE_MS);
    }
  }
}

/** Another look may find again what has been yielded. The revisions of leaders do not only rise. */
function isSameVersion(one: KeyValue, other: KeyValue | undefined): boolean {
  return one.modRevision === other?.modRevision && Buffer.compare(one.key, other.key) === 0;
}

/** From one look at who leads to the end of that leader, or the first key of a candidate. */
async function* reignOf(
  client: Namespace,
  prefix: Uint8Array,
  signal: AbortSignal | undefined,
): AsyncGenerator<KeyValue, void, void> {
  const all = prefixRange(prefix);
  const { kvs, header } = await client.kv.range({ ...all, ...oldestKey }, { signal });
  const startRevision = (header?.revision ?? 0) + 1;
  const [leader] = kvs;
  if (leader === undefined) {
    yield* firstPut(watch(client, { ...all, startRevision, signal }));
    return;
  }
  yield leader;
  yield* putsUntilDelete(watch(client, { key: leader.key, startRevision, signal }));
}

/** A member without a leader hears of nothing: better told so than left waiting. */
function watch(client: Namespace, options: WatchOptions): Watcher {
  return client.watch({ ...options, hasLeader: true });
}

/** Of nobody before it: the key that comes first has the oldest place, until another look. */
async function* firstPut(watcher: Watcher): AsyncGenerator<KeyValue, void, void> {
  for await (const { type, kv } of watcher.events()) {
    if (type === Event_EventType.PUT && kv !== undefined) {
      yield kv;
      return;
    }
  }
}

async function* putsUntilDelete(watcher: Watcher): AsyncGenerator<KeyValue, void, void> {
  for await (const { type, kv } of watcher.events()) {
    if (type === Event_EventType.DELETE) {
      return;
    }
    if (kv !== undefined) {
      yield kv;
    }
  }
}

function throwUnlessPassing(thrown: unknown): void {
  const error = toEtcdError(thrown);
  if (!(error instanceof WatchCompactedError) && !error.is(EtcdErrors.noLeader)) {
    throw error;
  }
}
