/**
 * What is known about figures that miss their goal, by the figure's title: what the profile shows and
 * what would be needed. The report prints a remark only while the goal is missed.
 */
const SPREAD_THIN =
  "Of the main thread's time a tenth goes into writing to sockets and a twelfth into garbage " +
  "collection; the rest is spread over some hundred functions, the largest of which has 4 %.";

const BESIDE_PUTS = "500 puts/s";

export const remarks: Readonly<Record<string, string>> = {
  "put, 1 member, 100 connections, 1000 clients":
    `${SPREAD_THIN} 2.5 times etcd would need a put at about 11 µs: without objects of its own for ` +
    "stream, call, request and log entry, and with garbage collection off the two cores.",
  "put, 1 member, 10 connections, 100 clients":
    "As above, with smaller groups: fewer puts share a write to the log, a turn of the loop and a " +
    "write to a socket.",
  "put, 3 members, 100 connections, 1000 clients":
    "Three members share two cores with the load, and each applies, logs and stores every put; two " +
    "thirds of the puts reach a follower first and are encoded twice more on their way.",
  "range of one key, linearizable": "The server takes less than a fifth of what the load does.",
  "range of one key, serializable": "The server takes less than a quarter of what the load does.",
  "lease grant":
    "A grant writes its record into a map by text key until the next checkpoint, where a put is " +
    "appended to a buffer.",
  "lease keepalive, a stream each":
    "A keep-alive makes half a dozen promises between the stream, the service and the round that " +
    "confirms the leader.",
  "1 M keys × 256 B: start to first read":
    "Of 2.2 s about 0.7 s are garbage collection of a growing heap, 0.4 s objects made for keys, 0.35 s " +
    "sorting, 0.3 s Node's own start. A quarter of etcd's time would need an index without an object a " +
    "key, in buffers that are stored as they are.",
  "1 M keys × 256 B: snapshot save":
    "The bbolt image names at its head what comes at its end, so record lengths are read once before; " +
    "the second reading, the image and two checksums are one thread's work, where etcd sends a file.",
  "1 M keys × 256 B: snapshot restore":
    "etcd copies the file. We build an LSM store of it, and LevelDB alone needs about 2 s for that; the " +
    "goal would need an engine that takes sorted tables, or the snapshot itself as a lowest level.",
  [`p99 of ${BESIDE_PUTS}, 50 watchers: ranges of 100 k keys`]:
    "The ranges follow each other without a pause, and with the client that reads them fill both " +
    "cores; a put waits for a slice of 1 ms in each of the turns it takes.",
  [`p99 of ${BESIDE_PUTS}, 50 watchers: compaction of 1 M revisions`]:
    "Checkpoints of 4 MiB share the disk with the log. Smaller ones bring p99 down to 12 ms and make " +
    "the compaction five times as long; LevelDB also takes its lock while it deletes files.",
  [`p99 of ${BESIDE_PUTS}, 50 watchers: defragment`]:
    "LevelDB rewrites all its tables on the disk that the log is synced to.",
  [`p99 of ${BESIDE_PUTS}, 50 watchers: snapshot save`]:
    "The client that writes the file and the thread that reads the store leave little of two cores.",
  [`p99 of ${BESIDE_PUTS}, 50 watchers: member join`]:
    "The new member runs on the same two cores, and the snapshot it is sent is written to the same disk.",
};
