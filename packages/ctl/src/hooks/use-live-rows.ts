import type { WatchResponse } from "@kvorum/proto";
import { useEffect, useState } from "react";
import type { LiveRows } from "../views/live-rows.ts";

/** However fast the changes come, the screen follows at this pace. */
const FRAME_MS = 100;
/** Ages grow even when nothing changes. */
const AGE_MS = 1_000;

export interface LiveView {
  readonly rows: LiveRows;
  /** performance.now() of this frame. */
  readonly now: number;
}

/**
 * Puts the events of `responses` into `rows` and draws frames while there is something to draw.
 * `onEnd` hears how the stream ended: with an error, or undefined.
 */
export function useLiveRows(
  rows: LiveRows,
  responses: AsyncIterable<WatchResponse>,
  onEnd: (error: unknown) => void,
): LiveView {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    let changed = false;
    let drawnAt = 0;
    const read = async (): Promise<void> => {
      for await (const response of responses) {
        rows.apply(response.events, performance.now());
        changed = true;
      }
    };
    read().then(() => onEnd(undefined), onEnd);
    const timer = setInterval(() => {
      const time = performance.now();
      if (!changed && time - drawnAt < AGE_MS) return;
      changed = false;
      drawnAt = time;
      setNow(time);
    }, FRAME_MS);
    return () => clearInterval(timer);
  }, [rows, responses, onEnd]);
  return { rows, now };
}
