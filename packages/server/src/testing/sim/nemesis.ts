/** What goes wrong in a run: crashes, pauses, partitions, a bad network, membership changes. */
import type { Prng } from "../../lib/prng.ts";
import type { SimClock } from "./sim-clock.ts";
import type { SimMember } from "./sim-member.ts";
import { CALM, type NetworkFaults, type SimNetwork } from "./sim-network.ts";

export interface NemesisOptions {
  readonly members: () => readonly SimMember[];
  readonly network: SimNetwork;
  readonly clock: SimClock;
  readonly prng: Prng;
  readonly report: (event: string) => void;
  /** Adds a member, promotes or removes one; what it tries may be refused. */
  readonly changeMembership: (() => Promise<void>) | undefined;
}

const GAP_MS = 1_500;

export class Nemesis {
  readonly #options: NemesisOptions;
  #running = true;

  constructor(options: NemesisOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { clock, prng } = this.#options;
    while (this.#running) {
      await clock.sleep(prng.nextFloat() * GAP_MS);
      if (this.#running) await this.#strike();
    }
  }

  /** Stops, and puts everything right that it did. */
  stop(): void {
    const { network, members } = this.#options;
    this.#running = false;
    network.heal();
    network.faults = CALM;
    for (const member of members()) {
      member.mendDisk();
      if (!member.isRunning && !member.isGone) member.start();
    }
  }

  async #strike(): Promise<void> {
    const { prng, network, changeMembership } = this.#options;
    const dice = prng.nextInt(100);
    if (dice < 20) this.#crashSome();
    else if (dice < 24) this.#random()?.breakDisk(prng.chance(0.5) ? "EIO" : "ENOSPC");
    else if (dice < 32) this.#stopOne();
    else if (dice < 36) await this.#moveLeader();
    else if (dice < 44) this.#random()?.pause(prng.nextFloat() * 3_000);
    else if (dice < 60) this.#partition();
    else if (dice < 75) network.heal();
    else if (dice < 90) network.faults = this.#badNetwork();
    else if (changeMembership !== undefined) await changeMembership();
    else network.faults = CALM;
  }

  /** One member, or all at once; each comes back after a while. */
  #crashSome(): void {
    const { prng, members } = this.#options;
    const victims = prng.chance(0.15) ? [...members()] : [this.#random()];
    for (const victim of victims) {
      if (victim?.isRunning !== true) continue;
      victim.crash();
      this.#restartLater(victim);
    }
  }

  #stopOne(): void {
    const { prng } = this.#options;
    this.#random()?.shutDown(prng.chance(0.5), prng.nextFloat() * 2_500);
  }

  async #moveLeader(): Promise<void> {
    const { members, report } = this.#options;
    const leader = members().find(({ member }) => member?.isLeader === true);
    const target = this.#random()?.member?.identity.memberId;
    if (leader?.api === undefined || target === undefined) return;
    report(`${leader.name} is asked to hand over`);
    // What it answers is of no interest, and it may take long.
    leader.api.moveLeader(target).catch(() => undefined);
    await Promise.resolve();
  }

  #restartLater(member: SimMember): void {
    const { clock, prng } = this.#options;
    clock.setTimer(prng.nextFloat() * 2_500, () => {
      if (!member.isRunning && !member.isGone) member.start();
    });
  }

  /** Cuts members into two groups, or cuts links one by one, some of them one way only. */
  #partition(): void {
    const { network, members, prng, report } = this.#options;
    const ids = members().flatMap(({ member }) => (member ? [member.identity.memberId] : []));
    network.heal();
    const oneWay = prng.chance(0.3);
    const side = new Map(ids.map((id) => [id, prng.chance(0.5)]));
    for (const from of ids) {
      for (const to of ids) {
        if (side.get(from) === side.get(to)) continue;
        if (!oneWay || side.get(from) === true) network.cut(from, to);
      }
    }
    report(`partition${oneWay ? " one way" : ""}`);
  }

  #badNetwork(): NetworkFaults {
    const { prng, report } = this.#options;
    const delayMinMs = prng.nextFloat() * 10;
    const faults = {
      loss: prng.nextFloat() * 0.2,
      duplicate: prng.nextFloat() * 0.3,
      delayMinMs,
      delayMeanMs: delayMinMs + prng.nextFloat() * 50,
    };
    report(`network loses ${(faults.loss * 100).toFixed(0)}%`);
    return faults;
  }

  #random(): SimMember | undefined {
    const { members, prng } = this.#options;
    const all = members();
    return all[prng.nextInt(all.length)];
  }
}
