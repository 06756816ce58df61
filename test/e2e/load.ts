/** Puts that go on in the background while a test does something to the cluster. */
import { setTimeout as pause } from "node:timers/promises";
import { Etcd3 } from "etcd3";
import type { Cluster } from "../harness/cluster.ts";
import { waitFor } from "../harness/wait-for.ts";

const BACKOFF_MS = 20;

export class Load {
  /** Acknowledged puts: `load/<number>` holds its number. */
  readonly acknowledged: string[] = [];
  readonly #client: Etcd3;
  #stopped = false;
  readonly #running: Promise<void>[];

  constructor(cluster: Cluster, writers: number) {
    this.#client = new Etcd3({
      hosts: cluster.members.filter((one) => one.running).map((member) => member.clientUrl),
      defaultCallOptions: (context) => (context.isStream ? {} : { deadline: Date.now() + 3_000 }),
    });
    this.#running = Array.from({ length: writers }, (_, index) => this.#write(index, writers));
  }

  async #write(first: number, step: number): Promise<void> {
    for (let n = first; !this.#stopped; n += step) {
      const key = `load/${String(n).padStart(8, "0")}`;
      try {
        await this.#client.put(key).value(String(n));
        this.acknowledged.push(key);
      } catch {
        await pause(BACKOFF_MS); // done or not, nobody can tell; the next number is another key
      }
    }
  }

  /** Waits for `count` more acknowledged puts. */
  async more(count: number, reason: string): Promise<void> {
    const goal = this.acknowledged.length + count;
    await waitFor(() => this.acknowledged.length >= goal, `${count} puts ${reason}`, {
      timeoutMs: 60_000,
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
    this.#client.close();
  }
}
