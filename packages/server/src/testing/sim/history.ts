/** What the clients of a run asked and were told. */
import type { RangeRequest, RangeResponse } from "@kvorum/proto";

/** A write that was acknowledged: its revision, and a text that only this request contains. */
export interface AcknowledgedWrite {
  readonly requestText: string;
  readonly revision: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface AnsweredRead {
  readonly request: RangeRequest;
  readonly response: RangeResponse;
  readonly linearizable: boolean;
  readonly startMs: number;
}

export interface SeenEvent {
  readonly revision: number;
  readonly isDelete: boolean;
  readonly key: string;
  readonly value: string;
}

/** One watcher's life on one member, from `startRevision` on. */
export interface WatchRecord {
  readonly key: string;
  readonly rangeEnd: string;
  readonly startRevision: number;
  readonly events: SeenEvent[];
  /** Compact revision of a cancellation; undefined while none came. */
  compacted: number | undefined;
}

export interface KeepAlive {
  readonly lease: bigint;
  /** When the client sent it: the lease lives at least until this plus its TTL. */
  readonly sentMs: number;
  readonly ttlSeconds: number;
}

export class History {
  readonly writes: AcknowledgedWrite[] = [];
  readonly reads: AnsweredRead[] = [];
  readonly watches: WatchRecord[] = [];
  readonly keepAlives: KeepAlive[] = [];
  /** Leases that a client asked to revoke, whatever it was told. */
  readonly revokedByClients = new Set<bigint>();
  /** Requests whose outcome the client never learned, by error. */
  readonly failures = new Map<string, number>();

  fail(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.failures.set(text, (this.failures.get(text) ?? 0) + 1);
  }
}
