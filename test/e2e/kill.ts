/**
 * Kills members under load for as many rounds as asked.
 *
 * Usage: `node --conditions=source --import tsx test/e2e/kill.ts [--rounds 20]`
 */
import { parseArgs } from "node:util";
import { killRounds } from "./kill-rounds.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "20" } } });
await killRounds({ rounds: Number(values.rounds), log: (line) => console.log(line) });
process.exit(0);
