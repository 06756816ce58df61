import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { nodeClock } from "../env/node-env.ts";
import { NodeFileSystem } from "../env/node-file-system.ts";
import { classicLevelOpener } from "./classic-level.ts";
import { MemoryEngines } from "./memory.ts";
import { engineConformance } from "./testing/engine-conformance.ts";

engineConformance("memory", async () => {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  await fs.mkdir("store", 0o700);
  const engines = new MemoryEngines(fs);
  return { open: engines.open, directory: "store", cleanUp: () => Promise.resolve() };
});

engineConformance("classic-level", async () => {
  const directory = await mkdtemp(join(tmpdir(), "kvorum-engine-"));
  const open = classicLevelOpener({ clock: nodeClock, fs: new NodeFileSystem() });
  return { open, directory, cleanUp: () => rm(directory, { recursive: true }) };
});
