import { compare, type Step } from "./conversation.ts";

const line = (text: string, more: Partial<Step> = {}): Step => ({ args: text.split(" "), ...more });
/** A command that ends the watch after its first event. */
const once = ["--", "sh", "-c", "env | grep ^ETCD_WATCH | sort; exit 3"];

compare("watches", [
  line("put foo 1"),
  line("put foo 2"),
  line("del foo"),
  line("put foo/a 3"),
  { args: ["watch", "foo", "--rev=2", ...once] },
  { args: ["watch", "foo", "--rev=3", "--prev-kv", ...once] },
  { args: ["watch", "foo", "--rev=3", "--prev-kv", "-w", "json", ...once] },
  { args: ["watch", "foo", "--rev=4", "--prev-kv", "-w", "fields", ...once] },
  { args: ["watch", "foo", "--rev=2", "-w", "protobuf", ...once] },
  { args: ["watch", "foo", "--rev=2", "-w", "table", ...once] },
  { args: ["watch", "foo", "--prefix", "--rev=5", ...once] },
  { args: ["watch", "--rev=2", "foo", "fop", ...once] },
  { args: ["watch", "--rev=2", "--", "false"], env: { ETCDCTL_WATCH_KEY: "foo" } },
  {
    args: ["watch", "--rev=2", ...once],
    env: { ETCDCTL_WATCH_KEY: "fo", ETCDCTL_WATCH_RANGE_END: "fp" },
  },
  line("watch foo", { env: { ETCDCTL_WATCH_KEY: "foo" } }),
  line("watch foo -- echo", { env: { ETCDCTL_WATCH_KEY: "foo" } }),
  line("watch foo", { env: { ETCDCTL_WATCH_RANGE_END: "foo" } }),
  line("watch foo --"),
  line("watch"),
  line("watch -- true"),
  line("watch foo fop --prefix"),
  line("watch foo --rev=2 -- no-such-program-anywhere"),
  line("watch foo fo"),
  line("compact 4"),
  line("watch foo --rev=2"),
  line("watch foo --rev=2 -w json"),
  line("watch foo --rev=2 -w fields"),
  { args: ["watch", "-i"], input: "" },
  { args: ["watch", "-i"], input: "nonsense\n\nwatch\n" },
  { args: ["watch", "-i"], input: "watch --bad foo\n" },
  { args: ["watch", "-i"], input: "watch foo --\n" },
]);
