import { EtcdError, GrpcCode } from "@kvorum/proto";

/**
 * Does `work` again while a member that dies takes its answer with it; for work that does no harm
 * twice.
 */
export async function untilKnown<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EtcdError) || error.code !== GrpcCode.Unavailable) throw error;
    }
  }
}
