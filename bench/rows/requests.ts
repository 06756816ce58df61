/** Rows of requests per second, each under the load of etcd's own programme. */
import { type LoadRowOptions, loadRow } from "../load-row.ts";
import { type Load, runLoad } from "../load.ts";
import type { Row } from "../row.ts";

const KEYS = ["--key-size=16", "--val-size=64", "--key-space-size=10000"];

function benchmark(conns: number, clients: number, command: string, ...flags: string[]): Load {
  const args = (total: number) => [command, ...flags, `--total=${total}`];
  return { tool: "benchmark", conns, clients, args };
}

function put(conns: number, clients: number): Load {
  return benchmark(conns, clients, "put", ...KEYS);
}

function range(consistency: "l" | "s"): Load {
  const args = (total: number) => [
    "range",
    "read",
    `--consistency=${consistency}`,
    `--total=${total}`,
  ];
  return { tool: "benchmark", conns: 100, clients: 1000, args };
}

/** Ten keys, of which the reads of the mixed load read one each. */
async function prepareKeys(endpoints: string): Promise<void> {
  const load = benchmark(1, 10, "put", "--key-space-size=10", "--sequential-keys", "--val-size=64");
  await runLoad(load, endpoints, 100);
}

const leaseGrant: Load = {
  tool: "load",
  conns: 100,
  clients: 1000,
  args: (total) => ["grant", `--total=${total}`],
};

/**
 * Ten streams of a hundred watchers, all of one key: each put is a thousand events. The programme only
 * counts them and looks at their order.
 */
const fanOut: Load = {
  tool: "load",
  conns: 10,
  clients: 100,
  args: (total) => ["fan-out", "--watchers=1000", `--total=${total}`],
};

/** The same by etcd's programme, which needs longer for an event than either server. */
const fanOutByBenchmark: Load = {
  tool: "benchmark",
  conns: 10,
  clients: 10,
  args: (total) => ["watch", "--streams=10", "--watch-per-stream=100", `--put-total=${total}`],
};

const atLeast = (ratio: number) => ({ of: "value", atLeast: ratio }) as const;

const OPTIONS: readonly LoadRowOptions[] = [
  {
    name: "put-100x1000",
    title: "put, 1 member, 100 connections, 1000 clients",
    load: put(100, 1000),
    goals: [atLeast(2.5), { of: "p99Ms", atMost: 0.5 }],
  },
  {
    name: "put-10x100",
    title: "put, 1 member, 10 connections, 100 clients",
    load: put(10, 100),
    goals: [atLeast(2)],
  },
  {
    name: "put-1x1",
    title: "put, 1 member, 1 client",
    load: put(1, 1),
    goals: [atLeast(1)],
    warmUp: 2000,
  },
  {
    name: "put-3-members",
    title: "put, 3 members, 100 connections, 1000 clients",
    members: 3,
    load: put(100, 1000),
    goals: [atLeast(2)],
  },
  {
    name: "range-linearizable",
    title: "range of one key, linearizable",
    load: range("l"),
    goals: [atLeast(3)],
  },
  {
    name: "range-serializable",
    title: "range of one key, serializable",
    load: range("s"),
    goals: [atLeast(3)],
  },
  {
    name: "txn-mixed",
    title: "transactions, half reads half writes",
    load: benchmark(100, 1000, "txn-mixed", "--key-space-size=10", "--limit=1", "--val-size=64"),
    goals: [atLeast(2)],
    prepare: prepareKeys,
  },
  {
    name: "lease-grant",
    title: "lease grant",
    load: leaseGrant,
    goals: [atLeast(2)],
  },
  {
    name: "lease-keepalive",
    title: "lease keepalive, a stream each",
    load: benchmark(100, 1000, "lease-keepalive"),
    goals: [atLeast(2)],
  },
  {
    name: "watch-fan-out",
    title: "watch, 1000 watchers of one key",
    load: fanOut,
    goals: [atLeast(2)],
    unit: "events/s",
    eventsPerOperation: 1000,
    warmUp: 2000,
    withoutLatency: true,
  },
  {
    name: "watch-fan-out-benchmark",
    title: "… read by etcd's library and counted by its benchmark",
    load: fanOutByBenchmark,
    goals: [],
    unit: "events/s",
    eventsPerOperation: 1000,
    warmUp: 1000,
    withoutLatency: true,
  },
];

export const requestRows: readonly Row[] = OPTIONS.map(loadRow);
