/**
 * The one source of truth about who is in the cluster: a replicated map of members and of the ids
 * that were removed (ids are never used again), changed only while applying log entries.
 *
 * What Raft counts votes from follows from the same entries; the two never meet another input.
 * State is kept in memory and noted in the backend as it changes. The records have etcd's form, so
 * a backup copies them as they are.
 */
import { EtcdError, EtcdErrors } from "@kvorum/proto";
import { assert } from "../lib/assert.ts";
import type { Backend } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import { entryBatches } from "../storage/entry-batches.ts";
import { decodeMember, encodeMember } from "./member-codec.ts";
import type { MemberChange } from "./member-change.ts";
import { formatId, type Member } from "./member.ts";

export type MemberChangeKind = "add" | "remove" | "update";

const VERSION_KEY = Buffer.from("clusterVersion");
const REMOVED = Buffer.from("removed");

export class Cluster {
  readonly #backend: Backend;
  readonly #members = new Map<bigint, Member>();
  readonly #removed = new Set<bigint>();
  #version: string | undefined;

  private constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Reads the membership of the last checkpoint. */
  static async load(backend: Backend): Promise<Cluster> {
    const cluster = new Cluster(backend);
    await eachRecord(backend, buckets.members, (key, value) => {
      const member = decodeMember(value);
      assert(formatId(member.id) === key, `member record ${key} holds member ${member.id}`);
      cluster.#members.set(member.id, member);
    });
    await eachRecord(backend, buckets.membersRemoved, (key) => {
      cluster.#removed.add(BigInt(`0x${key}`));
    });
    const version = backend.get(buckets.cluster, VERSION_KEY);
    if (version !== undefined) cluster.#version = Buffer.from(version).toString();
    return cluster;
  }

  /** Ascending by id. */
  members(): Member[] {
    return [...this.#members.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  member(id: bigint): Member | undefined {
    return this.#members.get(id);
  }

  voters(): Member[] {
    return this.members().filter((member) => !member.isLearner);
  }

  isRemoved(id: bigint): boolean {
    return this.#removed.has(id);
  }

  /** The lowest version all members agree to speak, e.g. `3.7.0`; undefined until decided. */
  get version(): string | undefined {
    return this.#version;
  }

  setVersion(version: string): void {
    this.#version = version;
    this.#backend.put(buckets.cluster, VERSION_KEY, Buffer.from(version));
  }

  /**
   * Throws the EtcdError with which a change is refused. Checked before proposing, and again when the
   * entry is applied, where the answer is the same on every member.
   */
  validate(kind: MemberChangeKind, change: MemberChange, learnersMax: number): void {
    const { member } = change;
    if (this.#removed.has(member.id)) throw EtcdError.from(EtcdErrors.memberNotFound);
    const known = this.#members.get(member.id);
    if (kind === "add" && change.isPromote) return validatePromote(known);
    if (kind !== "add" && known === undefined) throw EtcdError.from(EtcdErrors.memberNotFound);
    if (kind === "remove") return;
    if (kind === "add" && known !== undefined) throw EtcdError.from(EtcdErrors.memberExists);
    this.#validateUrls(member);
    if (kind === "add" && member.isLearner) this.#validateLearners(learnersMax);
  }

  /** Applies a change that `validate` lets pass. */
  apply(kind: MemberChangeKind, change: MemberChange): void {
    const { member } = change;
    const known = this.#members.get(member.id);
    if (kind === "remove") return this.#remove(member.id);
    if (kind === "update") {
      assert(known !== undefined, `update of unknown member ${formatId(member.id)}`);
      return this.#put({ ...known, peerURLs: member.peerURLs });
    }
    if (!change.isPromote) return this.#put(member);
    assert(known !== undefined, `promotion of unknown member ${formatId(member.id)}`);
    this.#put({ ...known, isLearner: false });
  }

  /** A member that has started tells its name and client URLs. Of a removed member it is ignored. */
  setAttributes(id: bigint, name: string, clientURLs: readonly string[]): void {
    const known = this.#members.get(id);
    if (known !== undefined) this.#put({ ...known, name, clientURLs });
  }

  #validateLearners(learnersMax: number): void {
    const learners = this.members().filter((member) => member.isLearner).length;
    if (learners >= learnersMax) throw EtcdError.from(EtcdErrors.tooManyLearners);
  }

  #validateUrls(member: Member): void {
    for (const other of this.#members.values()) {
      const shared = other.peerURLs.some((url) => member.peerURLs.includes(url));
      if (other.id !== member.id && shared) throw EtcdError.from(EtcdErrors.peerUrlExists);
    }
  }

  #put(member: Member): void {
    this.#members.set(member.id, member);
    const key = Buffer.from(formatId(member.id));
    this.#backend.put(buckets.members, key, Buffer.from(encodeMember(member)));
  }

  #remove(id: bigint): void {
    this.#members.delete(id);
    this.#removed.add(id);
    const key = Buffer.from(formatId(id));
    this.#backend.delete(buckets.members, key);
    this.#backend.put(buckets.membersRemoved, key, REMOVED);
  }
}

function validatePromote(known: Member | undefined): void {
  if (known === undefined) throw EtcdError.from(EtcdErrors.memberNotFound);
  if (!known.isLearner) throw EtcdError.from(EtcdErrors.memberNotLearner);
}

async function eachRecord(
  backend: Backend,
  bucket: typeof buckets.members | typeof buckets.membersRemoved,
  visit: (key: string, value: string) => void,
): Promise<void> {
  for await (const entries of entryBatches(backend.iterate(bucket))) {
    for (const [key, value] of entries) {
      visit(Buffer.from(key).toString(), Buffer.from(value).toString());
    }
  }
}
