import {
  type KeyValue,
  RangeRequest,
  RangeRequest_SortOrder,
  RangeRequest_SortTarget,
  RangeResponse,
} from "@kvorum/proto";
import type { Command } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import type { FlagValues } from "../grammar/flag-values.ts";
import { fromKey, type KeyRange, oneKey, rangeOf, withPrefix } from "../key-range.ts";
import { badArguments, isSerializable, ONE_ARGUMENT, ONE_OR_OTHER } from "./arguments.ts";

const ORDERS: Readonly<Record<string, number>> = {
  "": RangeRequest_SortOrder.NONE,
  ASCEND: RangeRequest_SortOrder.ASCEND,
  DESCEND: RangeRequest_SortOrder.DESCEND,
};
const TARGETS: Readonly<Record<string, number>> = {
  "": RangeRequest_SortTarget.KEY,
  CREATE: RangeRequest_SortTarget.CREATE,
  KEY: RangeRequest_SortTarget.KEY,
  MODIFY: RangeRequest_SortTarget.MOD,
  VALUE: RangeRequest_SortTarget.VALUE,
  VERSION: RangeRequest_SortTarget.VERSION,
};

function badFeature(message: string): CtlError {
  return new CtlError(ExitCode.badFeature, message);
}

function keyRange(args: readonly string[], flags: FlagValues): KeyRange {
  const [key = "", end] = args;
  const [prefix, from] = [flags.bool("prefix"), flags.bool("from-key")];
  if (end !== undefined && (prefix || from)) throw badArguments(ONE_ARGUMENT);
  if (prefix) return withPrefix(key);
  if (from) return fromKey(key);
  return end === undefined ? oneKey(key) : rangeOf(key, end);
}

/** Ascending by key is how the store answers anyway; asking for it would make it sort again. */
function sorting(flags: FlagValues): Pick<RangeRequest, "sortOrder" | "sortTarget"> {
  const order = flags.string("order");
  const sortOrder = ORDERS[order.toUpperCase()];
  if (sortOrder === undefined) throw badFeature(`bad sort order ${order}`);
  const target = flags.string("sort-by");
  const sortTarget = TARGETS[target.toUpperCase()];
  if (sortTarget === undefined) throw badFeature(`bad sort target ${target}`);
  const natural =
    sortTarget === RangeRequest_SortTarget.KEY && sortOrder === RangeRequest_SortOrder.ASCEND;
  return { sortTarget, sortOrder: natural ? RangeRequest_SortOrder.NONE : sortOrder };
}

/** Bounds of 0 or less are none. */
function bounds(flags: FlagValues, minName: string, maxName: string): [number, number] {
  const min = flags.number(minName);
  const max = flags.number(maxName);
  if (max > 0 && min > max) {
    const names = minName === "min-mod-rev" ? "ModRev" : "CreateRev";
    throw badFeature(`getMin${names}(=${min}) > getMax${names}(=${max})`);
  }
  return [Math.max(min, 0), Math.max(max, 0)];
}

/** The request of `get`, on the command line or in a transaction. */
export function rangeRequest(args: readonly string[], flags: FlagValues): RangeRequest {
  if (args.length === 0) {
    throw badArguments(
      "get command needs one argument as key and an optional argument as range_end",
    );
  }
  if (flags.bool("prefix") && flags.bool("from-key")) throw badArguments(ONE_OR_OTHER);
  const [keysOnly, countOnly] = [flags.bool("keys-only"), flags.bool("count-only")];
  if (keysOnly && countOnly) {
    throw badArguments(
      "`--keys-only` and `--count-only` cannot be set at the same time, choose one",
    );
  }
  const serializable = isSerializable(flags.string("consistency"));
  const range = keyRange(args, flags);
  const order = sorting(flags);
  const [minCreateRevision, maxCreateRevision] = bounds(flags, "min-create-rev", "max-create-rev");
  const [minModRevision, maxModRevision] = bounds(flags, "min-mod-rev", "max-mod-rev");
  return RangeRequest.create({
    ...range,
    ...order,
    serializable,
    keysOnly,
    countOnly,
    limit: flags.number("limit"),
    revision: Math.max(flags.number("rev"), 0),
    minCreateRevision,
    maxCreateRevision,
    minModRevision,
    maxModRevision,
  });
}

/** The chunks of a stream put together; all but the pairs is in the last. */
async function whole(chunks: AsyncIterable<RangeResponse>): Promise<RangeResponse> {
  let last = RangeResponse.create();
  const kvs: KeyValue[] = [];
  for await (const chunk of chunks) {
    for (const pair of chunk.kvs) kvs.push(pair);
    last = chunk;
  }
  return { ...last, kvs };
}

export const get: Command = async ({ args, flags, session }) => {
  const request = rangeRequest(args, flags);
  const { client, call, printer } = await session();
  const response = await call((options) =>
    flags.bool("stream")
      ? whole(client.kv.rangeStream(request, options))
      : client.kv.range(request, options),
  );
  if (flags.bool("count-only") && printer.format !== "fields") {
    throw badArguments("--count-only is only for `--write-out=fields`");
  }
  const valueOnly = flags.bool("print-value-only");
  if (valueOnly && printer.format !== "simple") {
    throw badArguments("print-value-only is only for `--write-out=simple`");
  }
  return { kind: "get", response, valueOnly };
};
