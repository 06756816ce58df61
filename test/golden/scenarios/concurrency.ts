import type { Scenario } from "../scenario.ts";

/** Keys of locks and elections end with the id of a lease that is not told. */
const LEASE = [[/\/[0-9a-f]{10,16}\b/g, "/<lease>"]] as const;
const DECIMAL = [...LEASE, [/"Lease" : \d+/g, '"Lease" : <lease>']] as const;
const JSON_KEY = [[/"(key|lease)":("[^"]*"|\d+)/g, '"$1":<$1>']] as const;

export const concurrency: Scenario = {
  name: "concurrency",
  members: 1,
  steps: [
    { run: "lock a -- true", process: true },
    { run: "lock a --ttl=5 echo held", process: true },
    {
      run: "lock a -- sh -c 'env | grep ^ETCD_LOCK | sort; exit 7'",
      process: true,
      same: LEASE,
    },
    { run: "lock a -- sh -c 'kill -9 $$'", process: true },
    { run: "lock a -- no-such-program-anywhere", process: true },
    "get --prefix a",
    { begin: "first", run: "lock mine", same: LEASE },
    { until: "first", shows: /mine\/\w+\n\n/ },
    { run: "get --prefix mine --keys-only", same: LEASE },
    { begin: "second", run: "lock mine --ttl=20", same: LEASE },
    { end: "first", signal: "SIGINT" },
    { until: "second", shows: /mine\/\w+\n\n/ },
    { end: "second", signal: "SIGTERM" },
    "get --prefix mine",
    { begin: "json", run: "lock mine -w json", same: JSON_KEY },
    { until: "json", shows: /kvs/ },
    { end: "json", signal: "SIGINT" },
    { begin: "fields", run: "lock mine -w fields", same: DECIMAL },
    { until: "fields", shows: /Count/ },
    { end: "fields", signal: "SIGINT" },
    { begin: "waits", run: "lock mine", same: LEASE },
    { until: "waits", shows: /mine\/\w+\n\n/ },
    { begin: "gives up", run: "lock mine", same: LEASE },
    { run: "lock other -- true", process: true },
    { end: "waits", signal: "SIGINT" },
    { until: "gives up", shows: /mine\/\w+\n\n/ },
    { end: "gives up", signal: "SIGINT" },
    { begin: "leader", run: "elect office me", same: LEASE },
    { until: "leader", shows: /office\/\w+\nme\n/ },
    { run: "get --prefix office", same: LEASE },
    { begin: "observer", run: "elect -l office", same: LEASE },
    { until: "observer", shows: /office\/\w+\nme\n/ },
    { begin: "next", run: "elect office you -w json", same: JSON_KEY },
    { end: "leader", signal: "SIGINT" },
    { until: "next", shows: /kvs/ },
    { until: "observer", shows: /you/ },
    { end: "observer", signal: "SIGINT" },
    { end: "next", signal: "SIGTERM" },
    "get --prefix office",
    { run: "lease list", same: [[/^[0-9a-f]{16}$/gm, "<lease>"]] },
    "lock a -w yaml",
    "elect a b -w yaml",
  ],
};
