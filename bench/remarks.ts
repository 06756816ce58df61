/**
 * What is known about figures that miss their goal, by the figure's title: what a profile has shown, and
 * what would be needed. What no profile has shown is said to be a guess. The report prints a remark only
 * while the goal is missed.
 */
const NOT_PROFILED = "Not profiled; a guess:";

export const remarks: Readonly<Record<string, string>> = {
  "put, 1 member, 100 connections, 1000 clients":
    "Of the time the main thread is busy an eighth goes into writing to sockets and a tenth into garbage " +
    "collection; the rest is spread thin, no other function above 6 %. 2.5 times etcd would need a put " +
    "at under 12 µs: without objects of its own for stream, call, request and log entry.",
  "put, 1 member, 10 connections, 100 clients": `${NOT_PROFILED} groups are smaller, so fewer puts share a write to the log and a turn of the loop.`,
  "put, 3 members, 100 connections, 1000 clients":
    "Each of the three applies, logs and stores every put, with the load on the same two cores; the " +
    "profiles look like that of one member. Two thirds of the puts reach a follower first and are " +
    "forwarded; what that costs has not been told apart.",
  "range of one key, linearizable": "The server takes less than a quarter of what the load does.",
  "range of one key, serializable": "The server takes less than a quarter of what the load does.",
  "lease grant":
    `${NOT_PROFILED} a grant writes its record into a map by text key until the next checkpoint, where ` +
    "a put is appended to a buffer.",
  "lease keepalive, a stream each":
    `${NOT_PROFILED} a keep-alive makes half a dozen promises between the stream, the service and the ` +
    "round that confirms the leader.",
  "1 M keys × 256 B: start to first read":
    "A profile of a start that took 2.9 s on a busier machine: 0.65 s garbage collection of a growing " +
    "heap, 0.4 s objects made for keys, 0.35 s sorting. A quarter of etcd's time would probably need an " +
    "index without an object a key, in buffers that are stored as they are.",
  "1 M keys × 256 B: snapshot save":
    "Reading the store, laying out the image and its checksums are one thread's work, where etcd sends " +
    "a file that is there.",
  "1 M keys × 256 B: snapshot restore":
    "etcd copies the file. We build an LSM store of it, and LevelDB alone took 2.0 to 2.4 s for such " +
    "batches when tried on a busy machine; the goal would need an engine that takes sorted tables.",
  "p99 of 500 puts/s, 50 watchers: ranges of 100 k keys":
    "The ranges follow each other without a pause, and with the client that reads them fill both " +
    "cores; their slices were brought down to a millisecond.",
  "p99 of 500 puts/s, 50 watchers: compaction of 1 M revisions":
    "The main thread is mostly not busy but blocked; whether by LevelDB's lock or by the disk is not " +
    "proven. Single runs of another load with less pending at a time had 12 ms (1 and 2 MiB) against " +
    "17 and 189 ms (4 MiB), and took five to ten times as long.",
  "p99 of 500 puts/s, 50 watchers: defragment": `${NOT_PROFILED} LevelDB rewrites its tables on the disk that the log is synced to.`,
  "p99 of 500 puts/s, 50 watchers: snapshot save": `${NOT_PROFILED} the client writes the file to the disk that the log is synced to.`,
  "p99 of 500 puts/s, 50 watchers: member join": `${NOT_PROFILED} the new member shares the two cores and the disk.`,
};
