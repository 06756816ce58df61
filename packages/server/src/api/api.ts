/** The whole gRPC API of a member, as a server takes it. */
import { EtcdErrors } from "@kvorum/proto";
import type { Clock, Log } from "../env/env.ts";
import type { InvariantError } from "../lib/assert.ts";
import type { MemberPort } from "../member/ports.ts";
import type { Interceptor } from "../rpc/interceptor.ts";
import type { MethodRegistration } from "../rpc/service.ts";
import { RpcError } from "../rpc/status.ts";
import { authMethods } from "./auth.ts";
import { clusterMethods } from "./cluster.ts";
import { healthMethods } from "./health.ts";
import { clientVersionGuard, leaderGuard, learnerGuard, requestLog } from "./interceptors.ts";
import { kvMethods } from "./kv.ts";
import { leaseMethods } from "./lease.ts";
import { maintenanceMethods } from "./maintenance.ts";
import { createToStatus } from "./to-status.ts";
import { watchMethods } from "./watch.ts";

export interface ApiOptions {
  readonly member: MemberPort;
  readonly clock: Clock;
  readonly log: Log;
  /** A unary request that takes longer is logged as a warning. */
  readonly slowRequestMs: number;
  /** Takes a broken invariant that surfaced in a handler; must end the process. */
  readonly onBroken: (error: InvariantError) => void;
}

export interface Api {
  readonly methods: readonly MethodRegistration[];
  readonly interceptors: readonly Interceptor[];
  readonly errorToStatus: (error: unknown) => RpcError;
  /** What open streams are told when the server stops. */
  readonly stopStatus: RpcError;
}

/** Bytes by which a request message may exceed `--max-request-bytes`: what gRPC and Raft wrap it in. */
export const REQUEST_OVERHEAD_BYTES: number = 512 * 1024;

export function createApi(options: ApiOptions): Api {
  const { member, log } = options;
  return {
    methods: [
      ...kvMethods(member),
      ...watchMethods(member, options.clock),
      ...leaseMethods(member),
      ...clusterMethods(member),
      ...maintenanceMethods(member, log),
      ...authMethods(member),
      ...healthMethods(),
    ],
    interceptors: [
      requestLog({ clock: options.clock, log, slowMs: options.slowRequestMs }),
      learnerGuard(member),
      clientVersionGuard,
      leaderGuard(member),
    ],
    errorToStatus: createToStatus({ log, onBroken: options.onBroken }),
    stopStatus: new RpcError(EtcdErrors.stopped.code, EtcdErrors.stopped.message),
  };
}
