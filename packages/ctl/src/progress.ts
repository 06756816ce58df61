/**
 * What a command that takes its time shows on stderr: on a terminal a spinner with bytes and rate,
 * elsewhere the log lines that etcdctl writes.
 */
import { humanizeBytes } from "./go/humanize.ts";
import type { Host } from "./host.ts";
import { logLine } from "./log.ts";

export interface Progress {
  log(message: string, fields: Readonly<Record<string, string>>): void;
  /** Bytes done, and expected in all. */
  advance(done: number, total: number): void;
  /** Takes the spinner away. */
  end(): void;
}

/** Shows on a terminal what a long command has come to, and nothing elsewhere. */
export interface Spinner {
  show(text: string): void;
  /** Takes it away. */
  end(): void;
}

const MIN_SECONDS = 0.001;

function logProgress(host: Host): Progress {
  return {
    log: (message, fields) => logLine(host, "info", message, fields),
    advance: () => undefined,
    end: () => undefined,
  };
}

/** A terminal that does not know its size has nobody looking at it, and ora cannot count on it. */
function hasAudience(host: Host): boolean {
  return host.stderrIsTerminal && process.stderr.columns !== 0;
}

/** Loads ora on a terminal only, and on one with a size. */
export async function openSpinner(host: Host, title: string): Promise<Spinner> {
  if (!hasAudience(host)) return { show: () => undefined, end: () => undefined };
  const { default: ora } = await import("ora");
  const spinner = ora({ text: title, stream: process.stderr, discardStdin: false }).start();
  return {
    show: (text) => void (spinner.text = `${title}: ${text}`),
    end: () => void spinner.stop(),
  };
}

/** Loads ora on a terminal only, and on one with a size. */
export async function openProgress(host: Host, title: string): Promise<Progress> {
  if (!hasAudience(host)) return logProgress(host);
  const { default: ora } = await import("ora");
  const spinner = ora({ text: title, stream: process.stderr, discardStdin: false }).start();
  const start = performance.now();
  return {
    log: () => undefined,
    advance: (done, total) => {
      const seconds = Math.max((performance.now() - start) / 1000, MIN_SECONDS);
      const rate = humanizeBytes(Math.round(done / seconds));
      spinner.text = `${title}: ${humanizeBytes(done)} of ${humanizeBytes(total)}, ${rate}/s`;
    },
    end: () => void spinner.stop(),
  };
}
