import type { CommandSpec } from "../../grammar/command-spec.ts";
import { GLOBAL_FLAGS } from "../../grammar/global-flags.ts";
import { AUTHENTICATION_COMMANDS as authentication } from "./authentication.ts";
import { CHECK_COMMANDS as check } from "./check.ts";
import { CLUSTER_COMMANDS as cluster } from "./cluster.ts";
import { CONCURRENCY_COMMANDS as concurrency } from "./concurrency.ts";
import { KV_COMMANDS as kv } from "./kv.ts";
import { HASH_KV } from "./snapshot.ts";
import { UTILITY_COMMANDS as utility } from "./utility.ts";

/** All commands, in the order in which etcdctl suggests them for a typo. */
export const ROOT: CommandSpec = {
  name: "kvorumctl",
  use: "kvorumctl",
  short: "A simple command line client for etcd3.",
  persistentFlags: GLOBAL_FLAGS,
  commands: [
    kv.get,
    kv.put,
    kv.del,
    kv.txn,
    kv.compaction,
    cluster.alarm,
    cluster.defrag,
    cluster.endpoint,
    cluster.moveLeader,
    kv.watch,
    utility.version,
    kv.lease,
    cluster.member,
    cluster.snapshot,
    check.makeMirror,
    concurrency.lock,
    concurrency.elect,
    authentication.auth,
    authentication.user,
    authentication.role,
    check.check,
    utility.completion,
    cluster.downgrade,
    HASH_KV,
    utility.options,
    utility.help,
  ],
};
