/**
 * The golden command line, in four columns: etcdctl and kvorumctl, each with etcd and with Kvorum.
 * All four must say the same. `REWRITE=1` writes down what etcdctl says to etcd, for
 * recorded.test.ts.
 *
 * Usage: `node --conditions=source --import tsx test/golden/main.ts [scenario …]`
 */
import { SCENARIOS } from "./all-scenarios.ts";
import { compareEntries } from "./compare.ts";
import { writeRecorded } from "./recorded.ts";
import { invocationCount, type Scenario } from "./scenario.ts";
import { type Column, runScenario } from "./session.ts";

const REFERENCE: Column = { ctl: "etcdctl", server: "etcd" };
/** With Kvorum kvorumctl is started every time; once is enough, it takes a moment. */
const OTHERS: readonly Column[] = [
  { ctl: "etcdctl", server: "kvorum" },
  { ctl: "kvorumctl", server: "etcd", here: true },
  { ctl: "kvorumctl", server: "kvorum" },
];

/** A scenario that asks no server has one column for each command line. */
function columnsOf({ members }: Scenario): readonly Column[] {
  return members === 0 ? OTHERS.slice(2) : OTHERS;
}

async function check(scenario: Scenario): Promise<number> {
  const columns = [REFERENCE, ...columnsOf(scenario)];
  const [expected = [], ...others] = await Promise.all(
    columns.map((column) => runScenario(scenario, column)),
  );
  if (process.env["REWRITE"] !== undefined) writeRecorded(scenario.name, expected);
  let different = 0;
  for (const [i, entries] of others.entries()) {
    const column = columnsOf(scenario)[i] as Column;
    const found = compareEntries(scenario.name, column, expected, entries);
    different += found.length;
    for (const text of found) {
      console.log(`${scenario.name}: ${column.ctl} with ${column.server}\n${text}`);
    }
  }
  const count = invocationCount(scenario);
  console.log(
    `${scenario.name}: ${count} invocations, ${columns.length} columns, ${different} differences`,
  );
  return different;
}

const wanted = process.argv.slice(2);
const selected = SCENARIOS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
let total = 0;
for (const scenario of selected) total += await check(scenario);
const invocations = selected.reduce((sum, scenario) => sum + invocationCount(scenario), 0);
console.log(`${invocations} invocations, ${total} differences`);
process.exit(total === 0 ? 0 : 1);
