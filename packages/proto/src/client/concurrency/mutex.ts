import { EtcdErrors } from "../../error-codes.ts";
import { EtcdError } from "../../etcd-error.ts";
import type { Compare, ResponseHeader } from "../../gen/rpc.ts";
import { type Bytes, toBytes } from "../keys/bytes.ts";
import { QueuePlace, type WaitOptions } from "./queue-place.ts";
import type { Session } from "./session.ts";

/** Where nothing is held: a key has this creation revision when it does not exist. */
const NONE = -1;

/**
 * A lock that one session at a time holds, first come first served, over the keys that
 * clientv3/concurrency uses: `<name>/<lease in hex>`.
 *
 * A session holds a lock once: for another Mutex of the same session and name, it is locked too. So
 * take a session for each owner that must keep others out, or `withLock`. The lock is gone with the
 * session: watch `session.signal`, and let writes that must not come late carry `isOwner()`.
 */
export class Mutex {
  readonly #session: Session;
  readonly #place: QueuePlace;
  #createRevision = NONE;
  #header: ResponseHeader | undefined;

  constructor(session: Session, name: Bytes) {
    this.#session = session;
    this.#place = new QueuePlace(session, Buffer.concat([toBytes(name), Buffer.from("/")]));
  }

  /** The key that is there while the lock is waited for or held. */
  get key(): Uint8Array {
    return this.#place.key;
  }

  /** Whether `lock` or `tryLock` got it, nobody unlocked it since, and the session is alive. */
  get isLocked(): boolean {
    return this.#createRevision !== NONE && this.#session.isAlive;
  }

  /** Of the answer with which the lock was got. */
  get header(): ResponseHeader | undefined {
    return this.#header;
  }

  /**
   * Waits for the lock. Throws `contextDeadlineExceeded` or `contextCanceled` when the caller's
   * limits end the wait, `sessionExpired` when the session has ended. After any failure the session
   * does not hold the lock, also if it did before.
   */
  lock(options: WaitOptions = {}): Promise<void> {
    return this.#place.attempt(options, async (scope) => {
      this.#createRevision = NONE;
      const entry = await this.#place.enter(new Uint8Array(), scope);
      this.#header = await this.#place.waitForHead(entry, scope);
      this.#createRevision = entry.createRevision;
    });
  }

  /** Takes the lock if it is free; answers whether the session holds it now. Throws as `lock`. */
  tryLock(options: WaitOptions = {}): Promise<boolean> {
    return this.#place.attempt(options, async (scope) => {
      this.#createRevision = NONE;
      const entry = await this.#place.enter(new Uint8Array(), scope);
      if (!entry.isHead) {
        await this.#place.leave(entry.createRevision, scope);
        return false;
      }
      this.#header = entry.header;
      this.#createRevision = entry.createRevision;
      return true;
    });
  }

  /**
   * Lets the next one have the lock. Throws `lockReleased` when it is not held here. After another
   * failure it is held still, and may be unlocked again; with a session that has ended it is gone.
   */
  async unlock(options: WaitOptions = {}): Promise<void> {
    if (this.#createRevision === NONE) {
      throw EtcdError.from(EtcdErrors.lockReleased);
    }
    if (this.#session.isAlive) {
      await this.#place.leave(this.#createRevision, this.#place.scope(options));
    }
    this.#createRevision = NONE;
  }

  /** Holds while the lock is held: a condition for transactions that only its owner may make. */
  isOwner(): Compare {
    return this.#place.isHeld(this.#createRevision);
  }
}
