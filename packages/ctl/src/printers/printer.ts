/**
 * The one interface of all output formats. A printer turns a report into text; it never talks to a
 * server and knows nothing of flags.
 */
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Report, ReportKind, ReportOf } from "../report.ts";
import type { Output } from "./output.ts";

export const FORMATS = ["fields", "json", "protobuf", "simple", "table"] as const;
export type Format = (typeof FORMATS)[number];

export interface Printer {
  readonly format: Format;
  /** Throws CtlError when the format has no form for this kind of report. */
  print(report: Report, output: Output): void;
}

/** How a format prints each kind of report it knows. */
export type Forms = {
  readonly [K in ReportKind]?: (report: ReportOf<K>, output: Output) => void;
};

/** Remarks for people, which the other formats leave out. */
const SIMPLE_ONLY: ReadonlySet<ReportKind> = new Set(["leaseLost"]);

export function createPrinter(format: Format, forms: Forms): Printer {
  return {
    format,
    print(report, output) {
      const form = forms[report.kind] as ((report: Report, output: Output) => void) | undefined;
      if (form === undefined) {
        if (SIMPLE_ONLY.has(report.kind)) return;
        throw new CtlError(ExitCode.badFeature, `${format} not supported as output format`);
      }
      form(report, output);
    },
  };
}

/** Loads the printer of a format and no other. Throws CtlError for an unknown one. */
export async function loadPrinter(format: string, hex: boolean): Promise<Printer> {
  switch (format) {
    case "simple":
      return (await import("./simple.ts")).createSimplePrinter(hex);
    case "fields":
      return (await import("./fields.ts")).createFieldsPrinter(hex);
    case "json":
      return (await import("./json.ts")).createJsonPrinter(hex);
    case "protobuf":
      return (await import("./protobuf.ts")).createProtobufPrinter();
    case "table":
      return (await import("./table.ts")).createTablePrinter();
    default:
      throw new CtlError(ExitCode.badFeature, "unsupported output format");
  }
}
