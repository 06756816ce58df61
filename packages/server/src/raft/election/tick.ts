import { createMessage, NONE } from "../messages.ts";
import type { Raft } from "../raft.ts";

/** Followers and candidates campaign when they have not heard of a leader for too long. */
export function tickElection(raft: Raft): void {
  raft.electionElapsed++;
  if (raft.promotable() && raft.electionElapsed >= raft.randomizedElectionTimeout) {
    raft.electionElapsed = 0;
    raft.step(createMessage("MsgHup"));
  }
}

/** Leaders check their quorum once per election timeout and send heartbeats in between. */
export function tickHeartbeat(raft: Raft): void {
  const { checkQuorum, electionTick, heartbeatTick } = raft.config;
  raft.heartbeatElapsed++;
  raft.electionElapsed++;
  if (raft.electionElapsed >= electionTick) {
    raft.electionElapsed = 0;
    if (checkQuorum) {
      raft.step(createMessage("MsgCheckQuorum"));
    }
    // A transfer that has not happened by now will not; proposals are let in again.
    raft.leadTransferee = NONE;
  }
  if (raft.state === "StateLeader" && raft.heartbeatElapsed >= heartbeatTick) {
    raft.heartbeatElapsed = 0;
    raft.step(createMessage("MsgBeat"));
  }
}
