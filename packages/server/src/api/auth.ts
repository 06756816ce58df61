/** The Auth service while there is no authentication: off, and honest about it. */
import {
  Auth,
  AuthDisableResponse,
  AuthStatusResponse,
  EtcdError,
  EtcdErrors,
} from "@kvorum/proto";
import type { MemberPort } from "../member/ports.ts";
import { type MethodRegistration, type RpcMethod, unary } from "../rpc/service.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import { Headers } from "./header.ts";

const FIRST_AUTH_REVISION = 1;
const ANSWERED: ReadonlySet<string> = new Set([
  Auth.authStatus.path,
  Auth.authDisable.path,
  Auth.authenticate.path,
]);

function unsupported(method: RpcMethod<unknown, unknown>): MethodRegistration {
  return unary(method, () => {
    const text = "authentication is not supported by this version of kvorum";
    throw new RpcError(StatusCode.Unimplemented, text);
  });
}

export function authMethods(member: MemberPort): MethodRegistration[] {
  const headers = new Headers(member);
  const rest = Object.values(Auth).filter((method) => !ANSWERED.has(method.path));
  return [
    unary(Auth.authStatus, () =>
      headers.complete(AuthStatusResponse.create({ authRevision: FIRST_AUTH_REVISION })),
    ),
    unary(Auth.authDisable, () => headers.complete(AuthDisableResponse.create())),
    unary(Auth.authenticate, () => {
      throw EtcdError.from(EtcdErrors.authNotEnabled);
    }),
    ...rest.map((method) => unsupported(method as RpcMethod<unknown, unknown>)),
  ];
}
