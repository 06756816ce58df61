/** Membership changes in the middle of a run: a learner is added, promoted, and somebody removed. */
import type { Member as MemberMessage } from "@kvorum/proto";
import type { Prng } from "../../lib/prng.ts";
import type { InitialMember } from "../../lib/initial-cluster.ts";
import type { SimMember } from "./sim-member.ts";

export interface ReconfigurationOptions {
  readonly members: () => readonly SimMember[];
  readonly prng: Prng;
  readonly report: (event: string) => void;
  /** Starts the machine of a member that has been added. */
  readonly join: (name: string, peerURL: string, cluster: readonly InitialMember[]) => void;
}

const ADDED_MAX = 2;
const VOTERS_MIN = 3;

export class Reconfiguration {
  readonly #options: ReconfigurationOptions;
  #added = 0;

  constructor(options: ReconfigurationOptions) {
    this.#options = options;
  }

  /** One change; what the cluster refuses is left at that. */
  async change(): Promise<void> {
    const { members, prng, report } = this.#options;
    const all = members();
    const api = all[prng.nextInt(all.length)]?.api;
    if (api === undefined) return;
    try {
      const known = await api.memberList(false);
      const learner = known.find((member) => member.isLearner);
      if (learner !== undefined) await api.memberPromote(learner.ID);
      else if (this.#added < ADDED_MAX && prng.chance(0.6)) await this.#add(known);
      else if (known.length > VOTERS_MIN) await this.#remove(known);
      else return;
      report("membership changed");
    } catch (error) {
      report(`membership change refused: ${String(error)}`);
    }
  }

  async #add(known: readonly MemberMessage[]): Promise<void> {
    const { members, join } = this.#options;
    const number = ++this.#added;
    const name = `added${number}`;
    const peerURL = `http://${name}:2380`;
    const api = members().find((member) => member.api !== undefined)?.api;
    await api?.memberAdd([peerURL], true);
    join(
      name,
      peerURL,
      known.map((member) => ({ name: member.name, peerURLs: member.peerURLs })),
    );
  }

  async #remove(known: readonly MemberMessage[]): Promise<void> {
    const { members, prng } = this.#options;
    const victim = known[prng.nextInt(known.length)];
    const api = members().find((member) => member.api !== undefined)?.api;
    if (victim !== undefined) await api?.memberRemove(victim.ID);
  }
}
