/** Until when: for commands that hold something until they are told to let go. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export interface Interruption {
  /** Aborts at the first SIGINT or SIGTERM, which do not end the process meanwhile. */
  readonly signal: AbortSignal;
  /** Resolves when it aborts. */
  readonly happened: Promise<void>;
  /** Gives the signals back their usual meaning. */
  release(): void;
}

export function onInterruption(): Interruption {
  const controller = new AbortController();
  const { signal } = controller;
  const happened = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const abort = (): void => controller.abort();
  for (const name of SIGNALS) process.on(name, abort);
  return {
    signal,
    happened,
    release: () => {
      for (const name of SIGNALS) process.off(name, abort);
    },
  };
}
