/** The membership change vectors of etcd's raft. */
import { NO_LIMIT } from "../messages.ts";
import { value } from "../testing/command-args.ts";
import { parseConfChanges } from "../testing/conf-changes.ts";
import { type ScriptCommand, testScripts } from "../testing/datadriven.ts";
import { formatProgress } from "../tracker/progress.ts";
import { ProgressTracker } from "../tracker/progress-tracker.ts";
import { formatTrackerConfig } from "../tracker/tracker-config.ts";
import { ConfChangeError } from "./conf-change-error.ts";
import { Changer, type ConfChangeResult } from "./changer.ts";

testScripts("membership changes", "confchange/testdata", () => {
  const tracker = new ProgressTracker(10, NO_LIMIT);
  let lastIndex = 0;
  return (command) => {
    const changer = new Changer(tracker, lastIndex++);
    try {
      const { config, progress } = change(changer, command);
      tracker.install(config, progress);
    } catch (error) {
      if (error instanceof ConfChangeError) {
        return error.message;
      }
      throw error;
    }
    const members = tracker.ordered.map((peer) => `${peer.id}: ${formatProgress(peer)}\n`);
    return `${formatTrackerConfig(tracker.config)}\n${members.join("")}`;
  };
});

function change(changer: Changer, command: ScriptCommand): ConfChangeResult {
  const changes = parseConfChanges(command.input);
  switch (command.name) {
    case "simple":
      return changer.simple(changes);
    case "enter-joint":
      return changer.enterJoint(value(command, "autoleave") === "true", changes);
    case "leave-joint":
      return changer.leaveJoint();
    default:
      throw new Error(`${command.position}: unknown command`);
  }
}
