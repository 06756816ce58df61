/** The program: runs the command line of this process and ends it with the command's status. */
import { processHost } from "./host.ts";
import { run } from "./run.ts";

// What libraries do that Node would rather they did not is nothing to tell operators, and whatever
// is printed beside a command's own output breaks scripts.
process.noDeprecation = true;

const host = processHost();
const status = await run(host);
await host.flush();
process.exit(status);
