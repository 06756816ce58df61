/** Counts what a client can do for little and we must pay for; throws when it is too much. */
import type { Clock } from "../../env/env.ts";
import { calm } from "./error-codes.ts";
import {
  GLITCHES_BURST,
  GLITCHES_PER_SECOND,
  RESETS_BURST,
  RESETS_PER_SECOND,
  SETTINGS_BURST,
  SETTINGS_PER_SECOND,
  WINDOW_UPDATES_FREE,
  WINDOW_UPDATES_PER_DATA,
  WINDOW_UPDATES_PER_STREAM,
} from "./limits.ts";
import { TokenBucket } from "./token-bucket.ts";

export class AbuseGuard {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #resets = new TokenBucket(RESETS_BURST, RESETS_PER_SECOND);
  readonly #settings = new TokenBucket(SETTINGS_BURST, SETTINGS_PER_SECOND);
  readonly #glitches = new TokenBucket(GLITCHES_BURST, GLITCHES_PER_SECOND);
  #windowUpdates = 0;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** A stream was reset, by the client or for its errors. */
  reset(): void {
    if (!this.#resets.take(this.#clock.monotonicMs())) throw calm("too many resets");
  }

  settings(): void {
    if (!this.#settings.take(this.#clock.monotonicMs())) throw calm("too many settings");
  }

  /** A frame that is allowed and of no use. */
  glitch(): void {
    if (!this.#glitches.take(this.#clock.monotonicMs())) throw calm("too many useless frames");
  }

  /** `streams` were opened and `dataFrames` sent on this connection so far. */
  windowUpdate(streams: number, dataFrames: number): void {
    this.#windowUpdates += 1;
    const allowed =
      WINDOW_UPDATES_FREE +
      WINDOW_UPDATES_PER_STREAM * streams +
      WINDOW_UPDATES_PER_DATA * dataFrames;
    if (this.#windowUpdates > allowed) throw calm("too many window updates");
  }
}
