/**
 * `make-mirror`: keeps the keys of another cluster as they are here. First everything as it was at one
 * revision, then every change, a revision in one transaction as long as it is not too large for one.
 */
import {
  DeleteRangeRequest,
  PutRequest,
  RangeRequest,
  RequestOp,
  TxnRequest,
  type WatchResponse,
} from "@kvorum/proto";
import type { Client } from "@kvorum/proto/client";
import type { Command, CommandContext } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { watchErrorText } from "../error-text.ts";
import { ExitCode } from "../exit-codes.ts";
import { toBytes } from "../go/byte-string.ts";
import type { FlagValues } from "../grammar/flag-values.ts";
import { withPrefix } from "../key-range.ts";
import { openClient } from "../session.ts";
import { badArguments } from "./arguments.ts";

const PAGE_KEYS = 1000;
const TELL_EVERY_MS = 30_000;
const AFTER_KEY: Uint8Array = Buffer.of(0);

interface Clusters {
  readonly source: Client;
  readonly destination: Client;
}

class Mirror {
  readonly #clusters: Clusters;
  readonly #prefix: string;
  readonly #destinationPrefix: Uint8Array;
  readonly #operationsMax: number;
  /** Keys written and deleted so far. */
  total = 0;

  constructor(clusters: Clusters, flags: FlagValues) {
    this.#clusters = clusters;
    this.#prefix = flags.string("prefix");
    this.#operationsMax = Number(flags.bigint("max-txn-ops"));
    const given = flags.string("dest-prefix");
    // Where the copying begins at a revision, etcdctl leaves the prefix out unless it is told one.
    const keeps = given === "" && !flags.bool("no-dest-prefix") && flags.number("rev") <= 1;
    this.#destinationPrefix = toBytes(keeps ? this.#prefix : given);
  }

  #keyThere(key: Uint8Array): Uint8Array {
    return Buffer.concat([this.#destinationPrefix, key.subarray(toBytes(this.#prefix).length)]);
  }

  /** Copies all there is; returns the revision at which it was so. */
  async copy(): Promise<number> {
    const { source, destination } = this.#clusters;
    const { header } = await source.kv.range({ key: toBytes(this.#prefix || "foo") });
    const revision = header?.revision ?? 0;
    let range = withPrefix(this.#prefix);
    for (;;) {
      const request = RangeRequest.create({ ...range, revision, limit: PAGE_KEYS });
      const { kvs, more } = await source.kv.range(request);
      for (const { key, value } of kvs) {
        await destination.kv.put(PutRequest.create({ key: this.#keyThere(key), value }));
        this.total++;
      }
      const last = kvs.at(-1);
      if (!more || last === undefined) return revision;
      range = { ...range, key: Buffer.concat([last.key, AFTER_KEY]) };
    }
  }

  /** Follows the changes from a revision on; ends only with an error. */
  async follow(startRevision: number): Promise<void> {
    const watcher = this.#clusters.source.watch({ ...withPrefix(this.#prefix), startRevision });
    for await (const response of watcher) await this.#repeat(response);
  }

  async #repeat({ events }: WatchResponse): Promise<void> {
    let operations: RequestOp[] = [];
    let revision = 0;
    for (const { type, kv } of events) {
      if (kv === undefined) continue;
      const isNew = revision !== 0 && kv.modRevision > revision;
      if (isNew || operations.length === this.#operationsMax) {
        await this.#commit(operations);
        operations = [];
      }
      revision = kv.modRevision;
      const key = this.#keyThere(kv.key);
      const operation =
        type === 0
          ? { requestPut: PutRequest.create({ key, value: kv.value }) }
          : { requestDeleteRange: DeleteRangeRequest.create({ key }) };
      operations.push(RequestOp.create(operation));
      this.total++;
    }
    await this.#commit(operations);
  }

  async #commit(success: RequestOp[]): Promise<void> {
    if (success.length === 0) return;
    await this.#clusters.destination.kv.txn(TxnRequest.create({ success }));
  }
}

/** The flags of a client of the other cluster. */
function destinationFlags(flags: FlagValues, endpoint: string): FlagValues {
  const same = ["cert", "key", "cacert", "user", "password"] as const;
  return flags.with(
    new Map<string, string | boolean | readonly string[]>([
      ...same.map((name) => [name, flags.string(`dest-${name}`)] as const),
      ["endpoints", [endpoint]],
      ["insecure-transport", flags.bool("dest-insecure-transport")],
      ["insecure-skip-tls-verify", false],
      ["auth-jwt-token", ""],
      ["discovery-srv", ""],
    ]),
  );
}

async function run(context: CommandContext, destination: Client): Promise<void> {
  const { flags, host, session } = context;
  const { client: source } = await session();
  if (flags.bool("no-dest-prefix") && flags.string("dest-prefix") !== "") {
    throw badArguments(
      "`--dest-prefix` and `--no-dest-prefix` cannot be set at the same time, choose one",
    );
  }
  const mirror = new Mirror({ source, destination }, flags);
  const timer = setInterval(() => host.out(`${mirror.total}\n`), TELL_EVERY_MS);
  try {
    const rev = flags.number("rev");
    await mirror.follow(rev > 1 ? rev : (await mirror.copy()) + 1);
  } catch (error) {
    throw new CtlError(ExitCode.error, watchErrorText(error), { cause: error });
  } finally {
    clearInterval(timer);
  }
}

export const makeMirror: Command = async (context) => {
  const { args, flags, host } = context;
  const [endpoint] = args;
  if (endpoint === undefined || args.length !== 1) {
    throw badArguments("make-mirror takes one destination argument");
  }
  const question = "Destination Password: ";
  const destination = await openClient(destinationFlags(flags, endpoint), host, question);
  try {
    await run(context, destination);
  } finally {
    destination.close();
  }
  return undefined;
};
