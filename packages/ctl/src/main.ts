/** The program: runs the command line of this process and ends it with the command's status. */
import { processHost } from "./host.ts";
import { run } from "./run.ts";

process.exit(await run(processHost()));
