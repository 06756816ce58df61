/**
 * Snapshots between members. The sender streams a frozen view of its backend, at least as new as what
 * Raft asked for. The receiver fills a new store beside the live one; only when that is durable does
 * Raft hear of the snapshot, and only when Raft accepts it is the new store switched to. A crash at
 * any point leaves either the old state whole or the new one whole.
 */
import type { Message, SnapshotMetadata } from "../raft/messages.ts";
import { buckets } from "../storage/buckets.ts";
import type { StagedStore } from "../storage/store-dir.ts";
import type { Wal } from "../wal/wal.ts";
import type { Clock } from "../env/env.ts";
import { assert } from "../lib/assert.ts";
import type { Transport } from "./ports.ts";
import { encodeSnapshot, SnapshotReader } from "./snapshot-stream.ts";
import type { StableLog } from "./stable-log.ts";
import { decodeApplied, encodeApplied, type StateMachine } from "./state-machine.ts";

export interface SnapshotTransferOptions {
  readonly state: StateMachine;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly stageStore: () => Promise<StagedStore>;
}

interface Received {
  readonly metadata: SnapshotMetadata;
  readonly staged: StagedStore;
}

/** What is received goes to disk in pieces of this size; larger ones are slow to put together. */
const FLUSH_BYTES = 4 * 1024 * 1024;

export class SnapshotTransfer {
  readonly #options: SnapshotTransferOptions;
  /** Durable, and neither accepted nor known to be refused by Raft. */
  #received: Received | undefined;
  #receiving = false;
  #closed = false;

  constructor(options: SnapshotTransferOptions) {
    this.#options = options;
  }

  /** Sends the present state in place of the older one that the message names. */
  async send(message: Message): Promise<void> {
    const view = await this.#options.state.freeze();
    const snapshot = { metadata: decodeApplied(view.applied), data: new Uint8Array(0) };
    const chunks = encodeSnapshot(view);
    try {
      await this.#options.transport.sendSnapshot({ ...message, snapshot }, chunks);
    } finally {
      // Ends a reading that was broken off, so that nothing walks the view when it is closed.
      await chunks.return(undefined);
      await view.close();
    }
  }

  /** Resolves when the snapshot is durable here. One at a time; a second one is refused. */
  async receive(message: Message, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const metadata = message.snapshot?.metadata;
    if (metadata === undefined) throw new Error("message carries no snapshot");
    if (this.#receiving) throw new Error("another snapshot is being received");
    this.#receiving = true;
    try {
      // What was received before is either being installed or was refused once this turn is over.
      await new Promise<void>((resolve) => this.#options.clock.defer(resolve));
      await this.#discardReceived();
      const staged = await fill(await this.#options.stageStore(), metadata, chunks);
      this.#received = { metadata, staged };
      if (this.#closed) await this.#discardReceived();
    } finally {
      this.#receiving = false;
    }
  }

  /** The store with the snapshot that Raft has accepted; it is the caller's from now on. */
  take(metadata: SnapshotMetadata): StagedStore | undefined {
    const received = this.#received;
    if (received?.metadata.index !== metadata.index) return undefined;
    this.#received = undefined;
    return received.staged;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#discardReceived();
  }

  async #discardReceived(): Promise<void> {
    const received = this.#received;
    this.#received = undefined;
    await received?.staged.discard();
  }
}

async function fill(
  staged: StagedStore,
  metadata: SnapshotMetadata,
  chunks: AsyncIterable<Uint8Array>,
): Promise<StagedStore> {
  const { backend } = staged;
  const reader = new SnapshotReader((bucket, key, value) => {
    if (bucket === buckets.keyValue) backend.append(key, value);
    else backend.put(bucket, key, value);
  });
  try {
    for await (const chunk of chunks) {
      reader.push(chunk);
      if (backend.pendingBytes >= FLUSH_BYTES)
        await backend.checkpoint(() => encodeApplied(metadata));
    }
    reader.finish();
    await backend.checkpoint(() => encodeApplied(metadata));
    return staged;
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

export interface InstallTarget {
  readonly snapshots: SnapshotTransfer;
  readonly state: StateMachine;
  readonly wal: Wal;
  readonly stableLog: StableLog;
}

/**
 * Puts the snapshot that Raft has accepted in place of everything: memory first, then the durable
 * store, then the log. After a crash in between, a store that is ahead of its log says how far it is.
 */
export async function installSnapshot(
  message: Message,
  target: InstallTarget,
): Promise<SnapshotMetadata> {
  const { snapshots, state, wal, stableLog } = target;
  const metadata = message.snapshot?.metadata;
  assert(metadata !== undefined, "install without a snapshot");
  const staged = snapshots.take(metadata);
  assert(staged !== undefined, `snapshot at ${metadata.index} was never received`);
  const { index, term } = metadata;
  await state.replace(staged.backend);
  await staged.activate();
  const known = stableLog.initialState().hardState;
  const hardState =
    message.term === 0
      ? { ...known, commit: Math.max(known.commit, index) }
      : { term: message.term, vote: message.vote, commit: message.commit };
  await wal.append({ snapshot: { index, term }, hardState }, { sync: true });
  stableLog.reset(metadata);
  stableLog.setHardState(hardState);
  return metadata;
}
