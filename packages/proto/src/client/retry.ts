/** When to try a call again: the rules of etcd's own client, minus what could apply a write twice. */
import { EtcdErrors } from "../error-codes.ts";
import type { EtcdError } from "../etcd-error.ts";
import { GrpcCode } from "../grpc-status.ts";

/** "repeatable": processing it twice does no harm. */
export type RetryPolicy = "nonRepeatable" | "repeatable";

export const ATTEMPTS_MAX = 100;
const BACKOFF_MS = 25;
const BACKOFF_JITTER = 0.1;

// grpc-js sends transparently again what a server refused before it processed it; what is left
// are calls that found no connection.
const NOT_SENT = /^(No connection established|Name resolution failed|Channel closed before call)/;

/** Whether the request certainly did not reach a server. */
export function isNotSent(error: EtcdError): boolean {
  return error.code === GrpcCode.Unavailable && NOT_SENT.test(error.message);
}

export function mayRetry(error: EtcdError, policy: RetryPolicy, endpointCount: number): boolean {
  if (error.is(EtcdErrors.notSupportedForLearner)) {
    return endpointCount > 1;
  }
  if (error.code !== GrpcCode.Unavailable) {
    return false;
  }
  return policy === "repeatable" || isNotSent(error);
}

/** Whether another endpoint may do better: this one is gone, has no leader, hangs or is a learner. */
export function speaksAgainstEndpoint(error: EtcdError): boolean {
  return (
    error.code === GrpcCode.Unavailable ||
    error.is(EtcdErrors.contextDeadlineExceeded) ||
    error.is(EtcdErrors.notSupportedForLearner)
  );
}

/** Whether a server refused the call, unprocessed, because of its token. */
export function isStaleToken(error: EtcdError): boolean {
  return (
    error.is(EtcdErrors.invalidAuthToken) ||
    error.is(EtcdErrors.authOldRevision) ||
    error.is(EtcdErrors.userEmpty)
  );
}

/** Milliseconds to wait before an attempt (0 is the first): a pause after each round of a quorum. */
export function backoffMs(attempt: number, endpointCount: number): number {
  const quorum = Math.floor(endpointCount / 2) + 1;
  if (attempt === 0 || attempt % quorum !== 0) {
    return 0;
  }
  return BACKOFF_MS * (1 + BACKOFF_JITTER * (Math.random() * 2 - 1));
}
