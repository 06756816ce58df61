import { EtcdErrors } from "../../error-codes.ts";
import { Event_EventType, type KeyValue } from "../../gen/kv.ts";
import { RangeRequest_SortOrder, RangeRequest_SortTarget } from "../../gen/rpc.ts";
import type { CallScope } from "../call-scope.ts";
import { prefixRange } from "../keys/key-range.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { toEtcdError } from "../to-etcd-error.ts";
import { WatchCompactedError } from "../watcher.ts";

const PAUSE_MS = 100;

/**
 * Resolves when no key below `prefix` is left that was created at `maxCreateRevision` or before.
 * Watches the youngest of them only, so that one that goes wakes one that waits; then looks again,
 * for it may have given up rather than had its turn. Throws at the end of the scope.
 */
export async function waitForDeletes(
  client: Namespace,
  prefix: Uint8Array,
  maxCreateRevision: number,
  scope: CallScope,
): Promise<void> {
  const youngest = {
    ...prefixRange(prefix),
    limit: 1,
    sortTarget: RangeRequest_SortTarget.CREATE,
    sortOrder: RangeRequest_SortOrder.DESCEND,
    maxCreateRevision,
  };
  for (;;) {
    scope.throwIfDone();
    const { kvs, header } = await client.kv.range(youngest, scope.callOptions());
    const [before] = kvs;
    if (before === undefined) {
      return;
    }
    await waitForDelete(client, before, header?.revision ?? 0, scope);
  }
}

/** Resolves after the deletion, or when it takes another look to tell. */
async function waitForDelete(
  client: Namespace,
  { key }: KeyValue,
  revision: number,
  scope: CallScope,
): Promise<void> {
  const watcher = client.watch({ key, startRevision: revision + 1, hasLeader: true });
  const forget = scope.onEnd(() => watcher.cancel());
  try {
    for await (const event of watcher.events()) {
      if (event.type === Event_EventType.DELETE) {
        return;
      }
    }
  } catch (thrown) {
    const error = toEtcdError(thrown);
    if (!(error instanceof WatchCompactedError) && !error.is(EtcdErrors.noLeader)) {
      throw error;
    }
    await scope.sleep(PAUSE_MS);
  } finally {
    forget();
  }
}
