/** Renders the core's values the way the scripts expect them. */
import { decodeAsConfChangeV2 } from "../codec.ts";
import { formatConfChange } from "../confchange/conf-change.ts";
import {
  type ConfState,
  type Entry,
  type HardState,
  hex,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  type Message,
  NONE,
  type NodeId,
  type Snapshot,
} from "../messages.ts";
import type { Ready } from "../ready.ts";

export function describeReady(ready: Ready): string {
  const { softState, hardState, snapshot } = ready;
  const parts = [
    softState === undefined ? "" : `Lead:${softState.lead} State:${softState.raftState}\n`,
    hardState === undefined ? "" : `HardState ${describeHardState(hardState)}\n`,
    ready.readStates.length === 0 ? "" : `ReadStates ${describeReadStates(ready)}\n`,
    ready.entries.length === 0 ? "" : `Entries:\n${describeEntries(ready.entries)}`,
    snapshot === undefined ? "" : `Snapshot ${describeSnapshot(snapshot)}\n`,
    section("CommittedEntries", describeEntries(ready.committedEntries)),
    section("Messages", ready.messages.map((message) => `${describeMessage(message)}\n`).join("")),
  ];
  const text = parts.join("");
  return text === "" ? "<empty Ready>" : `Ready MustSync=${ready.mustSync}:\n${text}`;
}

function section(title: string, lines: string): string {
  return lines === "" ? "" : `${title}:\n${lines}`;
}

function describeReadStates(ready: Ready): string {
  const states = ready.readStates.map(({ index, context }) => `{${index} [${context.join(" ")}]}`);
  return `[${states.join(" ")}]`;
}

function describeHardState(state: HardState): string {
  const vote = state.vote === NONE ? "" : ` Vote:${state.vote}`;
  return `Term:${state.term}${vote} Commit:${state.commit}`;
}

function describeConfState(state: ConfState): string {
  return (
    `Voters:[${state.voters.join(" ")}] VotersOutgoing:[${state.votersOutgoing.join(" ")}] ` +
    `Learners:[${state.learners.join(" ")}] LearnersNext:[${state.learnersNext.join(" ")}] ` +
    `AutoLeave:${state.autoLeave}`
  );
}

function describeSnapshot({ metadata }: Snapshot): string {
  const { index, term, confState } = metadata;
  return `Index:${index} Term:${term} ConfState:${describeConfState(confState)}`;
}

export function describeMessage(message: Message, indent = ""): string {
  const { from, to, type, term, logTerm, index, commit, vote, entries, snapshot } = message;
  return [
    `${indent}${describeTarget(from)}->${describeTarget(to)} ${type} `,
    `Term:${term} Log:${logTerm}/${index}`,
    message.reject ? ` Rejected (Hint: ${message.rejectHint})` : "",
    commit === 0 ? "" : ` Commit:${commit}`,
    vote === NONE ? "" : ` Vote:${vote}`,
    describeMessageEntries(entries, indent),
    snapshot === undefined ? "" : `\n${indent}  Snapshot: ${describeSnapshot(snapshot)}`,
    describeResponses(message.responses, indent),
  ].join("");
}

function describeMessageEntries(entries: readonly Entry[], indent: string): string {
  if (entries.length <= 1) {
    return entries.map((entry) => ` Entries:[${describeEntry(entry)}]`).join("");
  }
  const lines = entries.map((entry) => `\n${indent}  ${describeEntry(entry)}`);
  return ` Entries:[${lines.join("")}\n${indent}]`;
}

function describeResponses(responses: readonly Message[], indent: string): string {
  if (responses.length === 0) {
    return "";
  }
  const lines = responses.map((response) => `\n${describeMessage(response, `${indent}  `)}`);
  return ` Responses:[${lines.join("")}\n${indent}]`;
}

function describeTarget(id: NodeId): string {
  switch (id) {
    case NONE:
      return "None";
    case LOCAL_APPEND_THREAD:
      return "AppendThread";
    case LOCAL_APPLY_THREAD:
      return "ApplyThread";
    default:
      return hex(id);
  }
}

export function describeEntries(entries: readonly Entry[]): string {
  return entries.map((entry) => `${describeEntry(entry)}\n`).join("");
}

function describeEntry(entry: Entry): string {
  const payload =
    entry.type === "EntryNormal"
      ? JSON.stringify(Buffer.from(entry.data).toString())
      : formatConfChange(decodeAsConfChangeV2(entry));
  return `${entry.term}/${entry.index} ${entry.type}${payload === "" ? "" : ` ${payload}`}`;
}
