import { createPrng } from "./prng.ts";
import type { Config } from "../config.ts";
import { hex, type Message, type NodeId, type Snapshot } from "../messages.ts";
import { MemoryStorage } from "../memory-storage.ts";
import { RawNode } from "../raw-node.ts";

/** Storage whose snapshot is always that of the latest applied entry. */
class HistoryStorage extends MemoryStorage {
  readonly history: Snapshot[] = [];

  override snapshot(): Snapshot {
    return this.history.at(-1)!;
  }
}

/** One member of the group under test, with the work its two local threads have yet to do. */
export interface TestNode {
  id: NodeId;
  raw: RawNode;
  storage: HistoryStorage;
  config: Config;
  appendWork: Message[];
  applyWork: Message[];
}

/**
 * A group of members in one process, with messages, disks and state machines that move only when a
 * script says so. Commands write what happens to `output`.
 */
export class InteractionEnv {
  readonly nodes: TestNode[] = [];
  /** In flight, in the order they were sent. */
  messages: Message[] = [];
  /** At level "none" nothing is written but errors. */
  quiet = false;
  #output = "";

  write(text: string): void {
    if (!this.quiet) {
      this.#output += text;
    }
  }

  writeLine(text: string): void {
    this.write(`${text}\n`);
  }

  takeOutput(): string {
    const output = this.#output;
    this.#output = "";
    return output;
  }

  /** Indents by two spaces what `work` writes, ending it with a newline. */
  indented(work: () => void): void {
    const before = this.takeOutput();
    work();
    const lines = this.takeOutput().split("\n");
    if (lines.at(-1) === "") {
      lines.pop();
    }
    this.#output = before + lines.map((line) => `  ${line}\n`).join("");
  }

  node(id: NodeId | number): TestNode {
    const node = this.nodes[Number(id) - 1];
    if (node === undefined) {
      throw new Error(`no node ${hex(BigInt(id))}`);
    }
    return node;
  }

  /** Adds members with consecutive ids that start from `snapshot`, or empty without one. */
  addNodes(count: number, template: Omit<Config, "id" | "storage" | "random">, snapshot: Snapshot) {
    for (let i = 0; i < count; i++) {
      const id = BigInt(this.nodes.length + 1);
      const storage = new HistoryStorage();
      if (snapshot.metadata.index > 0) {
        storage.applySnapshot(snapshot);
      }
      storage.history.push(snapshot);
      const config: Config = { ...template, id, storage, random: createPrng(Number(id)) };
      const raw = new RawNode(config);
      this.nodes.push({ id, raw, storage, config, appendWork: [], applyWork: [] });
    }
  }
}
