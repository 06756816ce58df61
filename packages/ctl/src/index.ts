/** The command line, to be run inside another program. */
export type { Host } from "./host.ts";
export { run } from "./run.ts";
