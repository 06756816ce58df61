import type { TestContext } from "node:test";
import { type Client, type ClientOptions, createClient } from "@kvorum/proto/client";
import { Cluster, type ClusterOptions } from "../harness/cluster.ts";

/** A running cluster for one test, or for the tests of one `describe`. */
export async function startCluster(
  context: Pick<TestContext, "after">,
  options: ClusterOptions,
): Promise<Cluster> {
  const cluster = await Cluster.create(options);
  context.after(() => cluster.dispose());
  await cluster.startAll();
  return cluster;
}

/** A client of all members, closed at the end of the test. */
export function connect(
  context: Pick<TestContext, "after">,
  cluster: Cluster,
  options: Partial<ClientOptions> = {},
): Client {
  const endpoints = cluster.endpoints.split(",");
  const client = createClient({ endpoints, commandTimeoutMs: 10_000, ...options });
  context.after(() => client.close());
  return client;
}

export function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

export function text(value: Uint8Array | undefined): string {
  return Buffer.from(value ?? []).toString();
}
