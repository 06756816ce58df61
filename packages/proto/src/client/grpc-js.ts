import type * as grpc from "@grpc/grpc-js";

export type GrpcJs = typeof grpc;

/** Loaded with the first connection only: it takes longer than a small command may. */
export function loadGrpcJs(): Promise<GrpcJs> {
  return import("@grpc/grpc-js");
}
