/**
 * What is known about figures that miss their goal, by the figure's title: what a profile has shown, and
 * what would be needed. The report prints a remark only while the goal is missed.
 */
const RANGE =
  "The server takes a quarter of what the load does, and the load no less when responses are held back " +
  "for 1 or 3 ms so that more of them leave together.";

/** What the control in the same table is, and is for. */
const CONTROL =
  "The row in which nothing is asked of the server, while what gives way to everybody keeps all CPUs " +
  "busy, shows how much of such a figure is this machine: two CPUs and a disk for server and clients.";

export const remarks: Readonly<Record<string, string>> = {
  "put, 1 member, 100 connections, 1000 clients":
    "Of the time the main thread is busy (11 to 12 µs a put) a fifth goes into writing to sockets, " +
    "though a write carries ten responses, which is all that a connection waits for; an eighth into " +
    "garbage collection, a tenth into views of buffers; the rest is spread thin, no other function above " +
    "5 %. Other threads take 2 to 3 µs: the collector's, the log's and LevelDB's. 2.5 times etcd would " +
    "need a put at under 12 µs in all.",
  "put, 1 member, 10 connections, 100 clients":
    "A quarter of the two cores is idle: a hundred clients do not fill the time of a write to the log " +
    "(0.25 ms in the median, 0.9 for one in ten). About 35 puts share such a write, a turn of the loop " +
    "has seven, a write to a socket five responses instead of ten, so that a put costs half as much " +
    "again as with a thousand clients.",
  "put, 3 members, 100 connections, 1000 clients":
    "Each of the three applies, logs and stores every put, on the two cores of the load. About 160 puts " +
    "become committed at a time, of which a connection's share is one or two, so three puts of five cost " +
    "a write to a socket for the server and a read for the load; in profiles of all three such writes are " +
    "the largest part of the busy time (a sixth), garbage collection comes next (6 %), no other function " +
    "has 4 %. Holding responses back for 4 ms gained nothing that could be measured.",
  "range of one key, linearizable": RANGE,
  "range of one key, serializable": RANGE,
  "lease grant":
    "Of the time the main thread is busy a seventh goes into writing to sockets and a tenth into garbage " +
    "collection; 7 % is the look-up by id, and some 10 % the record that waits for the checkpoint, twice " +
    "copied and under a text key.",
  "lease keepalive, a stream each":
    "Each beat is a call of its own here. Of the time the main thread is busy a sixth goes into writing " +
    "to sockets and a tenth into garbage collection of what a call is made of; the rest is spread thin. " +
    "The load takes three times what the server does.",
  "1 M keys × 256 B: start to first read":
    "Nearly half of it is Node's own start and the loading of some 300 modules.",
  "1 M keys × 256 B: snapshot save":
    "Most of the server's time for it is the main thread's, beside the client on the same two cores: a " +
    "fifth of that goes into the records' checksums, an eighth into the image's SHA-256, a tenth into " +
    "writing to the socket, 3 % into garbage collection, the rest into taking blocks apart and putting " +
    "pages together. LevelDB's threads read entry by entry what etcd sends as a file that is there.",
  "1 M keys × 256 B: snapshot restore":
    "etcd copies the file. We build an LSM store of it, and LevelDB alone took 2.0 to 2.4 s for such " +
    "batches when tried on a busy machine; the goal would need an engine that takes sorted tables.",
  "p99 of 500 puts/s, 50 watchers: ranges of 100 k keys":
    "Measured inside, 99 % of the puts had their answer within 4 to 6 ms, once the memory for answers was " +
    "there to be used again; the rest of the time the load itself waits for a CPU, beside a client that " +
    "decodes 30 MB a second. What is left in the server are garbage collections of 1 to 2 ms, and more " +
    "during the first range of all. " +
    CONTROL,
  "p99 of 500 puts/s, 50 watchers: compaction of 1 M revisions":
    "Measured inside, 99 % of the puts had their answer within 11 ms, in an hour when the machine was " +
    "slow; the rest is the load waiting for a CPU. It takes 5 s of the main thread, a fifth of it for " +
    "checksums (records are verified when they are hashed, hashed, and verified again when their block is " +
    "written anew), and 3 s of others, most of them LevelDB's. In 20 s there were some 50 turns of the " +
    "event loop of more than 5 ms, and half of their time the main thread itself waited for a CPU; a " +
    "third of the puts that took longest waited for the log's write, behind the tables that LevelDB " +
    "writes and the blocks that the file system frees. More CPUs would be needed, or an engine that lets " +
    "go of old records without writing their neighbours anew. " +
    CONTROL,
  "p99 of 500 puts/s, 50 watchers: defragment":
    "All of it is the log's write, 3 ms for one in ten: LevelDB rewrites the whole store and syncs each " +
    "table, and a sync of the log waits until the disk has taken what is being synced. Tables of 1 MiB " +
    "had 9 ms in all, of 2 MiB 13 to 18, of 8 MiB 22. " +
    CONTROL,
  "p99 of 500 puts/s, 50 watchers: snapshot save":
    "Measured inside, 99 % of the puts had their answer within 5 to 8 ms; the rest is the load waiting for " +
    "a CPU. With the client's file on the disk of the log it were 66 to 75 ms (etcd 85), all of it the " +
    "log's sync behind the client's one sync of the whole file. " +
    CONTROL,
  "p99 of 500 puts/s, 50 watchers: member join":
    "The member that joins takes over half a CPU while it loads; the server's own thread waits for one " +
    "for an eighth of the time, the load for half of it, added up over its threads. Inside, 99 % of the " +
    "puts had their answer within 7 ms. " +
    CONTROL,
};
