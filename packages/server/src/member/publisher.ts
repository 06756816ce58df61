/**
 * What a member tells the cluster about itself, through the log: its name and client URLs after every
 * start, and, as leader, the cluster version where none has been decided. Asked for again until done.
 */
import type { Clock, Log } from "../env/env.ts";
import { createDeferred } from "../lib/deferred.ts";
import { CLUSTER_VERSION } from "../lib/version.ts";
import type { Proposals } from "./proposals.ts";
import type { StateMachine } from "./state-machine.ts";

export interface PublisherOptions {
  readonly memberId: bigint;
  readonly name: string;
  readonly clientURLs: readonly string[];
  readonly state: StateMachine;
  readonly proposals: Pick<Proposals, "submit">;
  readonly isLeader: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

const RETRY_MS = 500;

export class Publisher {
  readonly #options: PublisherOptions;
  readonly #published = createDeferred<void>();
  /** The newest attempt; those before it leave asking again to it. */
  #attempt = 0;
  #isPublished = false;
  #settingVersion = false;
  #stopped = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Resolves once every member can know this one's name and client URLs. */
  get published(): Promise<void> {
    return this.#published.promise;
  }

  start(): void {
    const { memberId: memberID, name, clientURLs, proposals, log, clock } = this.#options;
    if (this.#stopped) return;
    const attempt = ++this.#attempt;
    const memberAttributes = { name, clientUrls: [...clientURLs] };
    proposals.submit("clusterMemberAttrSet", { memberID, memberAttributes }).then(
      () => {
        this.#isPublished = true;
        this.#published.resolve();
      },
      (error: unknown) => {
        if (this.#isPublished || attempt !== this.#attempt) return;
        log.warn("failed to publish local member to cluster through raft, will retry", { error });
        clock.setTimer(RETRY_MS, () => {
          if (attempt === this.#attempt) this.start();
        });
      },
    );
  }

  /**
   * A snapshot may have taken the place of the entry that is being waited for: asks again rather than
   * wait for the deadline. Whichever succeeds first counts.
   */
  snapshotApplied(): void {
    if (!this.#isPublished) this.start();
  }

  /** To be called every tick. */
  tick(): void {
    const { state, proposals, isLeader, log } = this.#options;
    const undecided = state.cluster.version === undefined;
    if (!undecided || this.#settingVersion || !isLeader()) return;
    this.#settingVersion = true;
    proposals
      .submit("clusterVersionSet", { ver: CLUSTER_VERSION })
      .catch((error: unknown) => log.warn("failed to set the cluster version", { error }))
      .finally(() => {
        this.#settingVersion = false;
      });
  }

  stop(): void {
    this.#stopped = true;
  }
}
