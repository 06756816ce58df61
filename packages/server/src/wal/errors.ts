export type WalErrorCode =
  /** The directory already holds a log. */
  | "wal/exists"
  /** The directory holds no log. */
  | "wal/not-found"
  /** A write or sync failed earlier; what is on disk is unknown, so nothing more is written. */
  | "wal/failed"
  | "wal/closed"
  /** More is waiting to be written than the queue may hold. */
  | "wal/overloaded";

/** What the log itself refuses. Damaged files are `CorruptionError`. */
export class WalError extends Error {
  override readonly name = "WalError";
  readonly code: WalErrorCode;

  constructor(code: WalErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
