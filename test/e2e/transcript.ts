/**
 * A session with a command line, written down so that two sessions can be compared: the commands,
 * what they printed and how they ended, with everything that differs from run to run replaced by
 * a name (`<m0>` a member's id, `<m0 client>` its URL, `<n>` a number that only the run decides).
 */
import type { Cluster } from "../harness/cluster.ts";
import type { Ctl } from "../harness/ctl.ts";
import type { RunOptions, RunResult } from "../harness/run-command.ts";

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b\d+(\.\d+)?[µnm]?s\b(?=["\n ])/g, "<duration>"],
  [/remaining\(\d+s\)/g, "remaining(<n>s)"],
  [/"(raft_term|raftTerm|raftIndex|raftAppliedIndex|dbSize|dbSizeInUse)":\d+/g, '"$1":<n>'],
  [/("RaftTerm"|"RaftIndex"|"RaftAppliedIndex"|"DBSize"|"DBSizeInUse") : \d+/g, "$1 : <n>"],
  // Any member may have answered.
  [/"member_id":<\w+>/g, '"member_id":<member>'],
  [/"MemberID" : <\w+>/g, '"MemberID" : <member>'],
  [/─+/g, "─"],
  [/ {2,}/g, " "],
];

const MEMBER_JSON = /\{"(?:ID|endpoint)":[^{}]*\}/g;

export class Transcript {
  readonly #cluster: Cluster;
  readonly #ctl: Ctl;
  readonly #names: [from: string, to: string][] = [];
  #text = "";

  constructor(cluster: Cluster, ctl: Ctl) {
    this.#cluster = cluster;
    this.#ctl = ctl;
    for (const member of cluster.members) this.nameUrls(member.name);
  }

  get text(): string {
    return this.#text;
  }

  /** From now on `value` is written as `name`. */
  name(value: string, name: string): void {
    if (value.length < 4) throw new Error(`"${value}" is too short to be told from other text`);
    this.#names.push([value, name]);
    this.#names.sort(([a], [b]) => b.length - a.length);
  }

  /** Names an id in the two ways it is printed. */
  nameId(id: bigint, name: string): void {
    this.name(id.toString(16).padStart(16, "0"), name);
    this.name(id.toString(16), name);
    this.name(id.toString(), name);
  }

  nameUrls(memberName: string): void {
    const member = this.#cluster.members.find((one) => one.name === memberName);
    if (member === undefined) throw new Error(`no member ${memberName}`);
    this.name(member.clientUrl, `<${memberName} client>`);
    this.name(member.endpoint, `<${memberName} endpoint>`);
    this.name(member.peerUrl, `<${memberName} peer>`);
  }

  normalise(text: string): string {
    let out = text.replaceAll("\r\n", "\n");
    for (const [from, to] of this.#names) out = out.replaceAll(from, to);
    for (const [pattern, to] of PATTERNS) out = out.replace(pattern, to);
    return out;
  }

  /** Runs a command that lists members in an order of their ids or their answers, which is chance. */
  async runUnordered(args: readonly string[]): Promise<void> {
    const result = await this.#ctl.run(args);
    const text = this.normalise(result.stdout);
    const inJson = text.match(MEMBER_JSON)?.sort() ?? [];
    const sorted = text.replaceAll(MEMBER_JSON, () => inJson.shift() ?? "");
    this.#text += `$ ${args.join(" ")}\n${sorted.split("\n").sort().join("\n").trim()}\n`;
  }

  title(text: string): void {
    this.#text += `\n=== ${text}\n`;
  }

  /** Runs a command and writes it down. Of its errors only the `Error:` lines count, the rest is logging. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const result = await this.#ctl.run(args, options);
    const errors = result.stderr.split("\n").filter((line) => line.startsWith("Error:"));
    this.note(
      `$ ${args.join(" ")}\n${result.stdout}${errors.map((line) => `${line}\n`).join("")}` +
        (result.code === 0 ? "" : `exit ${result.code ?? result.signal}\n`),
    );
    return result;
  }

  async all(...commands: readonly (readonly string[])[]): Promise<void> {
    for (const args of commands) await this.run(args);
  }

  note(text: string): void {
    this.#text += this.normalise(text);
  }
}
