import { EtcdError, EtcdErrors, type EtcdStatus } from "@kvorum/proto";

/** Errors that Go's client does not know by name, and so prints with everything gRPC says. */
const NAMELESS: ReadonlySet<EtcdStatus> = new Set<EtcdStatus>([
  EtcdErrors.watchCanceled,
  EtcdErrors.canceled,
  EtcdErrors.deadlineExceeded,
  EtcdErrors.permissionNotGiven,
  EtcdErrors.invalidClientApiVersion,
  EtcdErrors.timeoutWaitAppliedIndex,
  EtcdErrors.authNoPasswordUser,
  EtcdErrors.timeoutLeaderTransfer,
  EtcdErrors.notPrimaryLessor,
  EtcdErrors.missingLeader,
  EtcdErrors.electionNoLeader,
  EtcdErrors.electionNotLeader,
  EtcdErrors.sessionExpired,
  EtcdErrors.unknownMethod,
]);

/** What servers write with everything gRPC says when they cancel a watch because of it. */
const WRITTEN_IN_FULL: ReadonlySet<EtcdStatus> = new Set<EtcdStatus>([
  EtcdErrors.permissionDenied,
  EtcdErrors.invalidAuthToken,
  EtcdErrors.userEmpty,
  EtcdErrors.authOldRevision,
]);

/** What etcdctl prints for the end of a watch: the reason as the server wrote it. */
export function watchErrorText(error: unknown): string {
  if (!(error instanceof EtcdError)) return errorText(error);
  const inFull = error.status !== undefined && WRITTEN_IN_FULL.has(error.status);
  return inFull ? error.toRpcString() : error.message;
}

/** What etcdctl prints for an error of a call. */
export function errorText(error: unknown): string {
  if (!(error instanceof EtcdError)) {
    return error instanceof Error ? error.message : String(error);
  }
  const isNamed = error.status !== undefined && !NAMELESS.has(error.status);
  return isNamed ? error.message : error.toRpcString();
}
