import { EtcdErrors } from "../../error-codes.ts";
import { EtcdError } from "../../etcd-error.ts";
import type { KeyValue } from "../../gen/kv.ts";
import type { ResponseHeader } from "../../gen/rpc.ts";
import type { CallScope } from "../call-scope.ts";
import { type Bytes, toBytes } from "../keys/bytes.ts";
import { prefixRange } from "../keys/key-range.ts";
import { putOp } from "../keys/request-op.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { CallOptions } from "../options.ts";
import { observeLeader } from "./observe-leader.ts";
import { type Entry, oldestKey, QueuePlace, type WaitOptions } from "./queue-place.ts";
import type { Session } from "./session.ts";

/**
 * Sessions that campaign under one name; the first of them leads until it resigns or its session
 * ends, then the next. The keys are those of clientv3/concurrency: `<name>/<lease in hex>`, with
 * what the candidate says of itself as value.
 *
 * A leader that has lost its session does not lead any more: watch `session.signal`.
 */
export class Election {
  readonly #session: Session;
  readonly #client: Namespace;
  readonly #place: QueuePlace;
  #createRevision: number | undefined;
  #header: ResponseHeader | undefined;

  constructor(session: Session, name: Bytes) {
    this.#session = session;
    this.#client = session.client;
    this.#place = new QueuePlace(session, Buffer.concat([toBytes(name), Buffer.from("/")]));
  }

  /** Goes on as the leader with a session on the lease of before, after a restart for instance. */
  static resume(session: Session, name: Bytes, createRevision: number): Election {
    const election = new Election(session, name);
    election.#createRevision = createRevision;
    return election;
  }

  /** The key that is there while this session campaigns or leads. */
  get key(): Uint8Array {
    return this.#place.key;
  }

  /** When the session entered the campaign that it won; undefined when it does not lead. */
  get createRevision(): number | undefined {
    return this.#session.isAlive ? this.#createRevision : undefined;
  }

  /** Of the last answer to `campaign`, `proclaim` or `resign`. */
  get header(): ResponseHeader | undefined {
    return this.#header;
  }

  /**
   * Waits to lead, and says `value` to those who ask or observe. One that campaigns or leads already
   * changes its value and keeps its place. Throws `contextDeadlineExceeded` or `contextCanceled`
   * when the caller's limits end the wait, `sessionExpired` when the session has ended; it is then
   * no candidate any more.
   */
  campaign(value: Bytes, options: WaitOptions = {}): Promise<void> {
    const bytes = toBytes(value);
    return this.#place.attempt(options, async (scope) => {
      this.#createRevision = undefined;
      const entry = await this.#place.enter(bytes, scope);
      await this.#correct(entry, bytes, scope);
      this.#header = await this.#place.waitForHead(entry, scope);
      this.#createRevision = entry.createRevision;
    });
  }

  /** Says another value, as the leader. Throws `electionNotLeader`. */
  async proclaim(value: Bytes, options: WaitOptions = {}): Promise<void> {
    const createRevision = this.createRevision;
    if (createRevision === undefined) {
      throw EtcdError.from(EtcdErrors.electionNotLeader);
    }
    await this.#say(toBytes(value), createRevision, this.#place.scope(options));
  }

  /** Lets the next candidate lead; nothing to do for one that does not. */
  async resign(options: WaitOptions = {}): Promise<void> {
    const createRevision = this.createRevision;
    this.#createRevision = undefined;
    if (createRevision !== undefined) {
      const scope = this.#place.scope(options);
      this.#header = (await this.#place.leave(createRevision, scope)).header;
    }
  }

  /** The leader's key with its value; undefined when nobody campaigns. */
  async leader(options?: CallOptions): Promise<KeyValue | undefined> {
    const range = { ...prefixRange(this.#place.prefix), ...oldestKey };
    const { kvs } = await this.#client.kv.range(range, options);
    return kvs[0];
  }

  /**
   * Yields the leader's key as it is, then whenever the leader or its value changes; not when there
   * is none. Values may be passed over, the newest never is. Goes on over broken connections,
   * elections in the cluster and compaction, until its loop is left or the signal aborts; throws
   * what else a read or a watch throws.
   */
  observe(options: Pick<CallOptions, "signal"> = {}): AsyncGenerator<KeyValue, void, void> {
    return observeLeader(this.#client, this.#place.prefix, options.signal);
  }

  /** The key was there already, with another value. */
  async #correct(
    { before, createRevision }: Entry,
    value: Uint8Array,
    scope: CallScope,
  ): Promise<void> {
    if (before !== undefined && Buffer.compare(before.value, value) !== 0) {
      await this.#say(value, createRevision, scope);
    }
  }

  async #say(value: Uint8Array, createRevision: number, scope: CallScope): Promise<void> {
    const put = putOp(this.key, value, { lease: this.#session.leaseId });
    const request = { compare: [this.#place.isHeld(createRevision)], success: [put] };
    const response = await this.#client.kv.txn(request, scope.callOptions());
    if (!response.succeeded) {
      this.#createRevision = undefined;
      throw EtcdError.from(EtcdErrors.electionNotLeader);
    }
    this.#header = response.header;
  }
}
