/** The interaction scripts of etcd's raft, followed message by message. */
import { testScripts } from "./testing/datadriven.ts";
import { startInteraction } from "./testing/interaction.ts";

const LOG_LINE = /^\s*(?:DEBUG|INFO|WARN|ERROR|FATAL) /;

/** The words of log lines are our own, and "ok" only says that nothing else was written. */
function withoutLogLines(output: string): string {
  const lines = output.split("\n").filter((line) => !LOG_LINE.test(line));
  const text = lines.join("\n");
  return text === "ok\n" ? "" : text;
}

testScripts("interaction", "testdata", startInteraction, withoutLogLines);
