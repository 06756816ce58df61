import { type EtcdStatus, findEtcdStatus } from "./error-codes.ts";
import { grpcCodeName } from "./grpc-status.ts";

/**
 * An answer other than OK: a gRPC code and etcd's text for it. Made from the table `EtcdErrors`
 * where there is an entry, so that `error.status === EtcdErrors.compacted` holds on both sides of
 * the wire.
 */
export class EtcdError extends Error {
  override readonly name: string = "EtcdError";
  /** A gRPC status code; not always one that gRPC knows, when it came over the wire. */
  readonly code: number;
  /** The entry of `EtcdErrors` it was made from or is equal to. */
  readonly status: EtcdStatus | undefined;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = findEtcdStatus(code, message);
  }

  static from(status: EtcdStatus, options?: ErrorOptions): EtcdError {
    return new EtcdError(status.code, status.message, options);
  }

  is(status: EtcdStatus): boolean {
    return this.status === status;
  }

  /** As Go prints a gRPC error: "rpc error: code = NotFound desc = …". */
  toRpcString(): string {
    return `rpc error: code = ${grpcCodeName(this.code)} desc = ${this.message}`;
  }
}
