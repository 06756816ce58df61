import { join } from "node:path";
import type { Scenario } from "../scenario.ts";

const STORED = join(
  import.meta.dirname,
  "../../../packages/server/src/backup/testdata/etcd-3.7.1.db.gz",
);
const FORMATS = ["simple", "json", "fields", "table", "protobuf", "yaml"];

/** All of etcdutl's commands take flags of their own, and it tells an error again behind its usage. */
const GLOBAL = [
  [/Global Flags:\n(?: .*\n)+\n/g, ""],
  [/\n\nError: .*\n$/g, "\n\n"],
] as const;
const usage = (run: string) => ({ run, same: GLOBAL }) as const;

/** etcdutl's commands on files. */
export const utl: Scenario = {
  name: "utl",
  members: 0,
  utl: true,
  steps: [
    { file: "snap.db", from: STORED },
    { file: "broken.db", text: "no database at all" },
    { file: "full/something", text: "" },
    ...FORMATS.map((format) => `snapshot status {dir}/snap.db -w ${format}`),
    ...FORMATS.map((format) => `hashkv {dir}/snap.db -w ${format}`),
    "snapshot status",
    "snapshot status a b",
    "snapshot status {dir}/missing.db",
    usage("hashkv"),
    usage("hashkv a b"),
    "hashkv {dir}/missing.db",
    "hashkv {dir}/snap.db --rev=2",
    "hashkv {dir}/snap.db --rev=1000000",
    usage("hashkv {dir}/snap.db --rev=x"),
    usage("hashkv {dir}/snap.db --nosuch"),
    "snapshot restore",
  ],
};
