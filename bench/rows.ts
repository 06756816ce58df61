import { disturbancesRow } from "./rows/disturbances.ts";
import { growthRow } from "./rows/growth.ts";
import { millionRow } from "./rows/million.ts";
import { putAmongWatchersRow } from "./rows/put-among-watchers.ts";
import { requestRows } from "./rows/requests.ts";
import { watchersRow } from "./rows/watchers.ts";
import type { Row } from "./row.ts";

/** All rows, in the order of the report. */
export const rows: readonly Row[] = [
  ...requestRows,
  watchersRow,
  putAmongWatchersRow,
  growthRow,
  millionRow,
  disturbancesRow,
];
