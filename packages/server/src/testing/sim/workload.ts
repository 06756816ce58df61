/**
 * Clients of a simulated cluster: each does one thing after the other, on whichever member it picks,
 * and notes what it was told. A request whose member dies is never answered; the client goes on after
 * a while and knows nothing of its outcome.
 */
import {
  Compare,
  Compare_CompareResult,
  Compare_CompareTarget,
  CompactionRequest,
  DeleteRangeRequest,
  HashKVRequest,
  LeaseGrantRequest,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
  WatchCreateRequest,
} from "@kvorum/proto";
import type { Prng } from "../../lib/prng.ts";
import type { Later } from "../../lib/reply.ts";
import type { MemberPort, WatchStreamPort } from "../../member/ports.ts";
import type { History, WatchRecord } from "./history.ts";
import type { SimClock } from "./sim-clock.ts";
import type { SimMember } from "./sim-member.ts";

export interface WorkloadOptions {
  readonly members: () => readonly SimMember[];
  readonly clock: SimClock;
  readonly prng: Prng;
  readonly history: History;
}

const KEYS = 8;
const PATIENCE_MS = 12_000;
const THINK_MS = 60;
const LEASE_TTL_SECONDS_MIN = 2;
const WATCH_LIFE_MS = 3_000;

const GONE = Symbol("unanswered");

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

export class Workload {
  readonly #options: WorkloadOptions;
  #running = true;
  #next = 0;

  constructor(options: WorkloadOptions) {
    this.#options = options;
  }

  /** Resolves when all clients have ended. */
  async run(clients: number): Promise<void> {
    const loops: Promise<void>[] = [];
    for (let client = 0; client < clients; client++) loops.push(this.#client());
    loops.push(this.#watcher(), this.#leaseHolder(), this.#leaseHolder(), this.#operator());
    await Promise.all(loops);
  }

  /** Clients end after what they are doing. */
  stop(): void {
    this.#running = false;
  }

  async #client(): Promise<void> {
    const { prng, clock, history } = this.#options;
    while (this.#running) {
      await clock.sleep(prng.nextFloat() * THINK_MS);
      const api = await this.#arrive();
      if (api === undefined) continue;
      try {
        await this.#oneRequest(api);
      } catch (error) {
        history.fail(error);
      }
    }
  }

  async #oneRequest(api: MemberPort): Promise<void> {
    const dice = this.#options.prng.nextInt(100);
    if (dice < 40) await this.#put(api);
    else if (dice < 50) await this.#txn(api);
    else if (dice < 58) await this.#delete(api);
    else if (dice < 80) await this.#read(api, false);
    else if (dice < 97) await this.#read(api, true);
    else await this.#compact(api);
  }

  async #put(api: MemberPort): Promise<void> {
    const { clock, history } = this.#options;
    const requestText = this.#uniqueText();
    const startMs = clock.monotonicMs();
    const request = PutRequest.create({ key: bytes(this.#key()), value: bytes(requestText) });
    const response = await this.#patiently(api.put(request));
    if (response === GONE) return;
    const revision = response.header?.revision ?? 0;
    history.writes.push({ requestText, revision, startMs, endMs: clock.monotonicMs() });
  }

  /** Two keys get the same value, but only if the first was ever written. */
  async #txn(api: MemberPort): Promise<void> {
    const { clock, history } = this.#options;
    const requestText = this.#uniqueText();
    const startMs = clock.monotonicMs();
    const first = this.#key();
    const put = (key: string): RequestOp =>
      RequestOp.create({
        requestPut: PutRequest.create({ key: bytes(key), value: bytes(requestText), prevKv: true }),
      });
    const request = TxnRequest.create({
      compare: [
        Compare.create({
          key: bytes(first),
          target: Compare_CompareTarget.VERSION,
          result: Compare_CompareResult.GREATER,
          version: 0,
        }),
      ],
      success: [put(first), put(`${first}-twin`)],
      failure: [put(`${first}-else`)],
    });
    const response = await this.#patiently(api.txn(request));
    if (response === GONE) return;
    const revision = response.header?.revision ?? 0;
    history.writes.push({ requestText, revision, startMs, endMs: clock.monotonicMs() });
  }

  async #delete(api: MemberPort): Promise<void> {
    const { prng } = this.#options;
    const rangeEnd = prng.chance(0.3) ? this.#key() : "";
    const request = {
      key: bytes(this.#key()),
      rangeEnd: bytes(rangeEnd),
      prevKv: prng.chance(0.5),
    };
    await this.#patiently(api.deleteRange(DeleteRangeRequest.create(request)));
  }

  async #read(api: MemberPort, serializable: boolean): Promise<void> {
    const { clock, history, prng } = this.#options;
    const whole = prng.chance(0.3);
    const key = whole ? "k" : this.#key();
    const request = RangeRequest.create({
      key: bytes(key),
      rangeEnd: whole ? bytes("l") : bytes(""),
      serializable,
    });
    const startMs = clock.monotonicMs();
    const response = await this.#patiently(Promise.resolve(api.range(request)));
    if (response === GONE) return;
    history.reads.push({ request, response, linearizable: !serializable, startMs });
  }

  async #compact(api: MemberPort): Promise<void> {
    const behind = this.#options.prng.nextInt(40);
    const revision = api.currentRevision - behind;
    if (revision > 0) await this.#patiently(api.compact(CompactionRequest.create({ revision })));
  }

  /** Watches from near the present, past or future, for a while; then anew on another member. */
  async #watcher(): Promise<void> {
    const { prng, clock } = this.#options;
    while (this.#running) {
      await clock.sleep(prng.nextFloat() * THINK_MS * 5);
      const api = await this.#arrive();
      if (api === undefined) continue;
      const stream = this.#watch(api);
      await clock.sleep(prng.nextFloat() * WATCH_LIFE_MS);
      stream.close();
    }
  }

  #watch(api: MemberPort): WatchStreamPort {
    const { prng, history } = this.#options;
    const startRevision = Math.max(1, api.currentRevision + 10 - prng.nextInt(40));
    const whole = prng.chance(0.5);
    const key = whole ? "k" : this.#key();
    const rangeEnd = whole ? "l" : "";
    const record: WatchRecord = { key, rangeEnd, startRevision, events: [], compacted: undefined };
    const stream = api.openWatchStream({
      send: (response) => {
        if (response.canceled) record.compacted = response.compactRevision;
        for (const event of response.events) {
          record.events.push({
            revision: event.kv?.modRevision ?? 0,
            isDelete: event.type === 1,
            key: Buffer.from(event.kv?.key ?? []).toString(),
            value: Buffer.from(event.kv?.value ?? []).toString(),
          });
        }
        return prng.chance(0.9);
      },
    });
    const request = WatchCreateRequest.create({
      key: bytes(key),
      rangeEnd: bytes(rangeEnd),
      startRevision,
    });
    stream.create(request, () => history.watches.push(record));
    this.#resumeNowAndThen(stream);
    return stream;
  }

  #resumeNowAndThen(stream: WatchStreamPort): void {
    const { clock, prng } = this.#options;
    if (!this.#running) return;
    clock.setTimer(prng.nextFloat() * 100, () => {
      stream.resume();
      this.#resumeNowAndThen(stream);
    });
  }

  /** Holds a lease on a key, keeps it alive for a while, then lets it run out or revokes it. */
  async #leaseHolder(): Promise<void> {
    const { clock, prng, history } = this.#options;
    while (this.#running) {
      await clock.sleep(prng.nextFloat() * 500);
      const api = this.#pick();
      if (api === undefined) continue;
      try {
        const sentMs = clock.monotonicMs();
        const grant = LeaseGrantRequest.create({ TTL: LEASE_TTL_SECONDS_MIN + prng.nextInt(4) });
        const granted = await this.#patiently(api.leaseGrant(grant));
        if (granted === GONE) continue;
        history.keepAlives.push({ lease: granted.ID, sentMs, ttlSeconds: granted.TTL });
        await this.#useLease(granted.ID);
      } catch (error) {
        history.fail(error);
      }
    }
  }

  async #useLease(lease: bigint): Promise<void> {
    const { clock, prng, history } = this.#options;
    const put = PutRequest.create({ key: bytes(`k-lease-${lease}`), value: bytes("held"), lease });
    await this.#withApi((api) => api.put(put));
    for (let beat = prng.nextInt(12); beat > 0; beat--) {
      await clock.sleep(prng.nextFloat() * 2_000);
      const sentMs = clock.monotonicMs();
      const ttl = await this.#withApi((api) => api.leaseRenew(lease));
      if (ttl !== undefined) history.keepAlives.push({ lease, sentMs, ttlSeconds: ttl });
    }
    if (prng.chance(0.5)) {
      history.revokedByClients.add(lease);
      await this.#withApi((api) => api.leaseRevoke({ ID: lease }));
    }
  }

  /** Hashes and backups, some of them read to the end, in the middle of everything else. */
  async #operator(): Promise<void> {
    const { clock, prng, history } = this.#options;
    while (this.#running) {
      await clock.sleep(prng.nextFloat() * 1_500);
      const [first, second] = [this.#pick(), this.#pick()];
      const both = Promise.all([
        this.#hash(first),
        prng.chance(0.5) ? this.#hash(second) : this.#backUp(second),
      ]);
      await this.#patiently(both).catch((error: unknown) => history.fail(error));
    }
  }

  async #hash(api: MemberPort | undefined): Promise<void> {
    await api?.hashKV(HashKVRequest.create({ revision: 0 }));
  }

  /** Some clients have enough before the end. */
  async #backUp(api: MemberPort | undefined): Promise<void> {
    const { prng } = this.#options;
    const backup = await api?.backup();
    if (backup === undefined) return;
    for await (const _ of backup.chunks) if (prng.chance(0.3)) return;
  }

  async #withApi<T>(request: (api: MemberPort) => Later<T>): Promise<T | undefined> {
    const api = await this.#arrive();
    if (api === undefined) return undefined;
    const answer = await this.#patiently(request(api));
    return answer === GONE ? undefined : answer;
  }

  #pick(): MemberPort | undefined {
    const { members, prng } = this.#options;
    const all = members();
    return all[prng.nextInt(all.length)]?.api;
  }

  /** The member that a request reaches: once it is running again, if it is stopped just now. */
  async #arrive(): Promise<MemberPort | undefined> {
    const { members, prng } = this.#options;
    const all = members();
    const member = all[prng.nextInt(all.length)];
    const api = member?.api;
    if (member === undefined || api === undefined) return undefined;
    const arrived = await this.#patiently(member.whenIdle());
    return arrived === GONE ? undefined : api;
  }

  #key(): string {
    return `k${this.#options.prng.nextInt(KEYS)}`;
  }

  #uniqueText(): string {
    return `value-${this.#next++}`;
  }

  #patiently<T>(answer: Later<T>): Promise<T | typeof GONE> {
    const patience = this.#options.clock.sleep(PATIENCE_MS).then((): typeof GONE => GONE);
    return Promise.race([answer, patience]);
  }
}
