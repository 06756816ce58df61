/** What is checked before any request is looked at, and what is noted when it has been answered. */
import { EtcdError, EtcdErrors } from "@kvorum/proto";
import type { Clock, Log } from "../env/env.ts";
import type { MemberPort } from "../member/ports.ts";
import type { Interceptor } from "../rpc/interceptor.ts";
import type { Call } from "../rpc/service.ts";
import { RpcError } from "../rpc/status.ts";

/** Metadata that a client sends with `hasleader: true`. */
const REQUIRE_LEADER = "hasleader";
const CLIENT_API_VERSION = "client-api-version";

/** Served by a learner; a Range only when it is serializable, which its own handler checks. */
const LEARNER_METHODS: ReadonlySet<string> = new Set([
  "/etcdserverpb.Maintenance/Status",
  "/etcdserverpb.Maintenance/Snapshot",
  "/etcdserverpb.KV/Range",
]);

/** Learners vote on nothing and may be far behind, so they answer next to nothing. */
export function learnerGuard(member: MemberPort): Interceptor {
  return {
    begin(call) {
      if (member.isLearner && !LEARNER_METHODS.has(call.path)) {
        throw EtcdError.from(EtcdErrors.notSupportedForLearner);
      }
    },
  };
}

const ASCII = /^[\u0020-\u007e]*$/;

/** Refuses a client version that is no UTF-8: it is hostile input, and ends up in metrics. */
export const clientVersionGuard: Interceptor = {
  begin(call) {
    const version = call.get(CLIENT_API_VERSION);
    if (version === undefined || ASCII.test(version)) return;
    try {
      // Metadata reaches us with one character for each byte.
      new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(version, "latin1"));
    } catch (error) {
      throw EtcdError.from(EtcdErrors.invalidClientApiVersion, { cause: error });
    }
  },
};

/**
 * For clients that ask for a leader: refuses their calls while there is none, and ends their open
 * streams when none has been there for long. Ending a stream costs its client much more than a
 * refused call, hence the patience.
 */
export function leaderGuard(member: MemberPort): Interceptor {
  const streams = new Set<Call>();
  member.onLeaderLost(() => {
    const { code, message } = EtcdErrors.noLeader;
    for (const call of [...streams]) call.abort(new RpcError(code, message));
  });
  return {
    begin(call) {
      if (call.get(REQUIRE_LEADER) !== "true") return;
      if (member.leaderId === 0n) throw EtcdError.from(EtcdErrors.noLeader);
      if (call.isStream) streams.add(call);
    },
    end(call) {
      if (call.isStream) streams.delete(call);
    },
  };
}

export interface RequestLogOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** A unary request that takes longer is logged as a warning. */
  readonly slowMs: number;
}

/** Logs `request stats` of slow unary requests, and of every one at debug level. */
export function requestLog(options: RequestLogOptions): Interceptor {
  const { clock, log, slowMs } = options;
  return {
    end(call, code) {
      if (call.isStream) return;
      const tookMs = clock.monotonicMs() - call.startedMs;
      const isSlow = tookMs > slowMs;
      if (!isSlow && !log.enabled("debug")) return;
      const fields = {
        "time spent": `${Number(tookMs.toFixed(3))}ms`,
        remote: call.peer,
        "response type": call.path,
        "response code": code,
      };
      if (isSlow) log.warn("request stats", fields);
      else log.debug("request stats", fields);
    },
  };
}
