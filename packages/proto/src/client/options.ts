import type { Client } from "./client.ts";
import type { RetryPolicy } from "./retry.ts";

/** How to reach a cluster. All times are milliseconds, all sizes bytes. */
export interface ClientOptions {
  /**
   * host:port, http://…, https://…, unix://… or unixs://…; http and https decide about TLS, the
   * others use it when `tls` is given. At least one.
   */
  readonly endpoints: readonly string[];
  /**
   * "roundRobin" (default): calls and streams go to the connected endpoints in turn. "pinned": to
   * one of them, begun with at random, as long as it works. Either way an endpoint that fails is
   * left out for a while.
   */
  readonly balancing?: "roundRobin" | "pinned" | undefined;
  /** How often to ask the cluster for its endpoints, as `syncEndpoints` does. Default: never. */
  readonly autoSyncIntervalMs?: number | undefined;
  /**
   * Longest wait for a connection, within the call's own time. Default: the call's own time, or
   * for ever: a cluster that is down may come back.
   */
  readonly dialTimeoutMs?: number | undefined;
  /** Time of a unary call that names none itself. Default: no limit. */
  readonly commandTimeoutMs?: number | undefined;
  readonly tls?: TlsOptions | undefined;
  /**
   * Silence after which a connection with open calls is probed; at least 10 s, as in Go. Default:
   * 30 s. It is what ends the streams of a member that hangs. 0: never.
   */
  readonly keepaliveTimeMs?: number | undefined;
  /** Silence after the probe that means the connection is dead. Default: 10 s. */
  readonly keepaliveTimeoutMs?: number | undefined;
  /** Largest response. Default: 2^31 - 1. */
  readonly maxRecvBytes?: number | undefined;
  /** Largest request. Default: 2 MiB. */
  readonly maxSendBytes?: number | undefined;
  /**
   * Gets the token that goes with every call, when the first call is made and again when a server
   * says that it is no longer good. It may itself use the client, with `withoutToken`.
   */
  readonly authToken?: ((client: Client) => Promise<string | undefined>) | undefined;
  readonly log?: ClientLog | undefined;
}

/** PEM texts. */
export interface TlsOptions {
  /** Default: the authorities that Node trusts. */
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
  /** Encrypt, but believe anybody. */
  readonly insecureSkipVerify?: boolean | undefined;
  /** Name to look for in the server's certificate instead of the endpoint's host. */
  readonly serverName?: string | undefined;
}

export type ClientLog = (
  level: "debug" | "warn",
  message: string,
  fields: Readonly<Record<string, string | number>>,
) => void;

/** What may be said about each call. */
export interface CallOptions {
  /** Time for everything: connecting, retries, the answer. 0: no limit. */
  readonly timeoutMs?: number | undefined;
  /** Aborting fails the call with Canceled; the server may have processed it nevertheless. */
  readonly signal?: AbortSignal | undefined;
  /** Fail, at once or later, when the asked member knows no leader. */
  readonly hasLeader?: boolean | undefined;
  /** Ask this endpoint and no other; it need not be among the client's. */
  readonly endpoint?: string | undefined;
  /** Send no auth token. */
  readonly withoutToken?: boolean | undefined;
}

/** What may be said about a call that changes something. */
export interface WriteOptions extends CallOptions {
  /**
   * "repeatable" when processing it twice does no harm: then it is sent again when it is not known
   * whether a server has processed it. Default: "nonRepeatable".
   */
  readonly retry?: RetryPolicy | undefined;
}
