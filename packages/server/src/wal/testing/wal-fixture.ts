import { MemoryFileSystem } from "../../env/memory-file-system.ts";
import { nodeClock } from "../../env/node-env.ts";
import { JsonLog } from "../../env/json-log.ts";
import type { Entry } from "../../raft/messages.ts";
import type { WalEnv } from "../open-wal.ts";

export const metadata = { clusterId: 0xabcdn, nodeId: 0xffff_ffff_ffff_fff0n };
/** Small segments, so that short scripts cut several. */
export const sizes = { segmentBytes: 8192, firstSegmentBytes: 4096 };
export const sync = { sync: true };

export interface TestEnv extends WalEnv {
  readonly memory: MemoryFileSystem;
  /** Of the log. */
  readonly lines: string[];
}

export function testEnv(): TestEnv {
  const memory = new MemoryFileSystem({ clock: nodeClock });
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line);
  };
  const log = new JsonLog({ clock: nodeClock, level: "info", write });
  return { clock: nodeClock, fs: memory, memory, lines, log };
}

export function entry(index: number, term: number, text = `data of ${index}`): Entry {
  return { term, index, type: "EntryNormal", data: Buffer.from(text) };
}

export function entries(first: number, count: number, term: number, bytes = 20): Entry[] {
  return Array.from({ length: count }, (_, at) => entry(first + at, term, "x".repeat(bytes)));
}

export function summary(list: readonly Entry[]): string[] {
  return list.map((each) => `${each.index}:${each.term}:${Buffer.from(each.data).toString()}`);
}
