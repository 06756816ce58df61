import { RaftError } from "./errors.ts";
import { isLocalMessageTarget, NO_LIMIT, NONE, type NodeId } from "./messages.ts";
import type { LogStorage } from "./storage.ts";

/** Where the core's few words go. Each call is one line, without level or newline. */
export interface RaftLogger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** The only randomness of the core: a uniform integer in [0, n). */
export interface RaftRandom {
  nextInt(n: number): number;
}

/**
 * `ReadOnlySafe` asks a quorum whether the leader still leads. `ReadOnlyLeaseBased` trusts the
 * election timeout instead and is unsafe where clocks jump or the process may pause.
 */
export type ReadOnlyOption = "ReadOnlySafe" | "ReadOnlyLeaseBased";

export interface Config {
  /** Identity of the local member; not zero, not a local target. */
  id: NodeId;
  /**
   * Ticks without a word from the leader after which a follower campaigns; the actual timeout is
   * random in [electionTick, 2 × electionTick). About ten heartbeats is a good value.
   */
  electionTick: number;
  /** Ticks between two heartbeats of a leader. */
  heartbeatTick: number;
  /** Where the stable log, the hard state and the membership are read from. */
  storage: LogStorage;
  random: RaftRandom;
  logger?: RaftLogger;
  /** Restart only: entries up to here are not handed out for applying again. */
  applied?: number;
  /** Storage work goes out as messages and comes back as responses; `advance` is not used. */
  asyncStorageWrites?: boolean;
  /** Bytes of entries per MsgApp; at least one entry is always sent. Default: no limit. */
  maxSizePerMsg?: number;
  /** Bytes of committed entries handed out and not yet applied. Default: `maxSizePerMsg`. */
  maxCommittedSizePerReady?: number;
  /** Payload bytes of a leader's uncommitted tail; more is refused. Default: no limit. */
  maxUncommittedEntriesSize?: number;
  /** MsgApps in flight to one follower while it replicates. */
  maxInflightMsgs: number;
  /** Payload bytes in flight to one follower; at least `maxSizePerMsg`. Default: no limit. */
  maxInflightBytes?: number;
  /** ReadIndex requests awaiting the term's first commit or a quorum; more are dropped. */
  maxPendingReads?: number;
  /** The leader steps down when a quorum is silent for an election timeout. */
  checkQuorum?: boolean;
  /** Ask for votes before raising the term (thesis §9.6). */
  preVote?: boolean;
  readOnlyOption?: ReadOnlyOption;
  /** Followers refuse proposals instead of forwarding them to the leader. */
  disableProposalForwarding?: boolean;
  /** Admit membership changes unchecked; one that is invalid when applied ends the process. */
  disableConfChangeValidation?: boolean;
  /** A leader that was removed or demoted steps down once the change is applied. */
  stepDownOnRemoval?: boolean;
}

/** A validated configuration with every default filled in. */
export type ResolvedConfig = Readonly<Required<Config>>;

const silentLogger: RaftLogger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};

const PENDING_READS_MAX = 65_536;

/** Fills in the defaults. Throws ErrInvalidConfig when the values contradict each other. */
export function resolveConfig(config: Config): ResolvedConfig {
  const maxSizePerMsg = config.maxSizePerMsg ?? NO_LIMIT;
  const resolved: ResolvedConfig = {
    logger: silentLogger,
    applied: 0,
    asyncStorageWrites: false,
    maxPendingReads: PENDING_READS_MAX,
    checkQuorum: false,
    preVote: false,
    readOnlyOption: "ReadOnlySafe",
    disableProposalForwarding: false,
    disableConfChangeValidation: false,
    stepDownOnRemoval: false,
    ...config,
    maxSizePerMsg,
    maxCommittedSizePerReady: config.maxCommittedSizePerReady || maxSizePerMsg,
    maxUncommittedEntriesSize: config.maxUncommittedEntriesSize || NO_LIMIT,
    maxInflightBytes: config.maxInflightBytes || NO_LIMIT,
  };
  validate(resolved);
  return resolved;
}

function validate(config: ResolvedConfig): void {
  require(config.id !== NONE, "cannot use none as id");
  require(!isLocalMessageTarget(config.id), "cannot use local target as id");
  require(config.heartbeatTick > 0, "heartbeat tick must be greater than 0");
  require(config.electionTick >
    config.heartbeatTick, "election tick must be greater than heartbeat tick");
  require(config.maxInflightMsgs > 0, "max inflight messages must be greater than 0");
  require(config.maxInflightBytes >= config.maxSizePerMsg ||
    config.maxSizePerMsg === NO_LIMIT, "max inflight bytes must be >= max message size");
  require(config.maxCommittedSizePerReady > 0, "max committed size must be greater than 0");
  require(config.readOnlyOption !== "ReadOnlyLeaseBased" ||
    config.checkQuorum, "CheckQuorum must be enabled when ReadOnlyOption is ReadOnlyLeaseBased");
}

function require(condition: boolean, text: string): void {
  if (!condition) {
    throw new RaftError("ErrInvalidConfig", text);
  }
}
