/** What `--help`, `--version` and a wrong command line print. */
import type { FlagDefinition } from "./flags/definition.ts";
import { FLAG_SECTIONS } from "./flags/flags.ts";

export interface VersionFacts {
  /** The etcd release whose conduct this server follows: scripts parse this line. */
  readonly etcd: string;
  readonly kvorum: string;
  readonly node: string;
  /** `linux/x64`. */
  readonly platform: string;
}

export const USAGE = `Usage:

  kvorum [flags]
    Start a server.

  kvorum --version
    Show the version.

  kvorum -h | --help
    Show every flag.

  kvorum --config-file FILE
    Start with the settings of a YAML or JSON file. Other flags and ETCD_ variables are then
    ignored. Durations in the file are integer nanoseconds (600000000000 for 10m), except
    heartbeat-interval and election-timeout, which are milliseconds.
`;

function describe(flag: FlagDefinition): string {
  const shown = flag.shownDefault ?? flag.default;
  const notes = {
    works: "",
    planned: " (not supported yet: only the default is accepted)",
    idle: " (no effect)",
  };
  const help = flag.help.replaceAll("\n", "\n    ");
  return `  --${flag.name} '${shown}'\n    ${help}${notes[flag.support]}\n`;
}

/** The list of all flags. */
export function helpText(): string {
  const sections = FLAG_SECTIONS.map(
    (section) => `\n${section.title}:\n${section.flags.map(describe).join("")}`,
  );
  return `${sections.join("")}\n`;
}

export function versionText(facts: VersionFacts): string {
  return [
    `etcd Version: ${facts.etcd}`,
    `Kvorum Version: ${facts.kvorum}`,
    `Node Version: ${facts.node}`,
    `Node OS/Arch: ${facts.platform}`,
    "",
  ].join("\n");
}
