/** Boxes for people; only where there are rows. */
import type { Output } from "./output.ts";
import { createPrinter, type Printer } from "./printer.ts";
import {
  endpointHashKvRows,
  endpointHealthRows,
  endpointStatusRows,
  fileHashRows,
  memberListRows,
  type Rows,
  snapshotStatusRows,
} from "./rows.ts";
import { renderTable } from "./render-table.ts";

function draw(rows: Rows, output: Output): void {
  output.write(renderTable(rows));
}

export function createTablePrinter(): Printer {
  return createPrinter("table", {
    memberList: ({ response }, output) => draw(memberListRows(response.members), output),
    endpointHealth: (report, output) => draw(endpointHealthRows(report), output),
    endpointStatus: (report, output) => draw(endpointStatusRows(report), output),
    endpointHashKv: (report, output) => draw(endpointHashKvRows(report), output),
    hashKv: ({ hash }, output) => draw(fileHashRows(hash), output),
    snapshotStatus: ({ status }, output) => draw(snapshotStatusRows(status), output),
  });
}
