import {
  EtcdError,
  GrpcCode,
  Health,
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus,
} from "@kvorum/proto";
import { type MethodRegistration, serverStream, unary } from "../rpc/service.ts";

/** The name under which the server as a whole is asked for. */
const WHOLE_SERVER = "";

/** The standard health service: a server that answers serves. */
export function healthMethods(): MethodRegistration[] {
  return [
    unary(Health.check, ({ service }) => {
      if (service !== WHOLE_SERVER) throw new EtcdError(GrpcCode.NotFound, "unknown service");
      return HealthCheckResponse.create({ status: HealthCheckResponse_ServingStatus.SERVING });
    }),
    serverStream(Health.watch, ({ service }, _call, sink) => {
      const { SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;
      const status = service === WHOLE_SERVER ? SERVING : SERVICE_UNKNOWN;
      sink.write(HealthCheckResponse.create({ status }));
    }),
  ];
}
