/**
 * Every flag of the daemon: etcd's names, kinds and defaults. A flag is known even when this server
 * cannot honour it yet; then any value but its default is refused, since a setting that is silently
 * dropped (a certificate, a token) is worse than a server that does not start.
 */
import type { FlagDefinition, FlagSection } from "./definition.ts";
import { CLUSTERING_FLAGS } from "./clustering-flags.ts";
import { MEMBER_FLAGS } from "./member-flags.ts";
import { OPERATION_FLAGS } from "./operation-flags.ts";
import { SECURITY_FLAGS } from "./security-flags.ts";

/** What the help text shows, in its order. */
export const FLAG_SECTIONS: readonly FlagSection[] = [
  ...MEMBER_FLAGS,
  ...CLUSTERING_FLAGS,
  ...SECURITY_FLAGS,
  ...OPERATION_FLAGS,
];

const IGNORED_NAMES = [
  "cluster-active-size",
  "cluster-remove-delay",
  "cluster-sync-interval",
  "config",
  "force",
  "max-result-buffer",
  "max-retry-attempts",
  "peer-heartbeat-interval",
  "peer-election-timeout",
  "retry-interval",
  "snapshot",
  "v",
  "vv",
  "test.coverprofile",
  "test.outputdir",
] as const;

function ignoredFlag(name: string): FlagDefinition {
  return { name, kind: "ignored", default: "", support: "works", help: "" };
}

/** Every flag by its name, those that are accepted and ignored included. */
export const FLAGS: ReadonlyMap<string, FlagDefinition> = new Map(
  [...FLAG_SECTIONS.flatMap((section) => section.flags), ...IGNORED_NAMES.map(ignoredFlag)].map(
    (flag) => [flag.name, flag],
  ),
);
