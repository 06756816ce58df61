import type { Scenario } from "./scenario.ts";
import { cluster, threeMembers } from "./scenarios/cluster.ts";
import { concurrency } from "./scenarios/concurrency.ts";
import { environment } from "./scenarios/environment.ts";
import { grammar } from "./scenarios/grammar.ts";
import { help } from "./scenarios/help.ts";
import { kv } from "./scenarios/kv.ts";
import { leases } from "./scenarios/lease.ts";
import { mirror } from "./scenarios/mirror.ts";
import { transactions } from "./scenarios/txn.ts";
import { unreachable } from "./scenarios/unreachable.ts";
import { utl } from "./scenarios/utl.ts";
import { watch } from "./scenarios/watch.ts";

export const SCENARIOS: readonly Scenario[] = [
  help,
  grammar,
  environment,
  kv,
  transactions,
  watch,
  leases,
  cluster,
  threeMembers,
  unreachable,
  concurrency,
  mirror,
  utl,
];
