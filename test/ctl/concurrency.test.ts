import assert from "node:assert/strict";
import { test } from "node:test";
import { Cluster } from "../harness/cluster.ts";
import { openCtl } from "../harness/ctl.ts";
import { start } from "../harness/run-command.ts";
import { waitFor } from "../harness/wait-for.ts";
import { compare, type Step } from "./conversation.ts";

const line = (text: string, more: Partial<Step> = {}): Step => ({ args: text.split(" "), ...more });
const lease = [[/\/[0-9a-f]{10,16}\b/g, "/LEASE"]] as const;

compare("locks and elections", [
  line("lock"),
  line("lock a -- true"),
  line("lock a --ttl=5 -- sh -c exit\t7"),
  { args: ["lock", "a", "--", "sh", "-c", "env | grep ^ETCD_LOCK | sort; exit 7"], same: lease },
  { args: ["lock", "a", "--", "sh", "-c", "kill -9 $$"] },
  line("lock a -- no-such-program-anywhere"),
  line("lock a --ttl=x"),
  line("get --prefix a"),
  line("elect"),
  line("elect a b c"),
  line("elect a"),
  line("elect a b -l"),
]);

interface Held {
  readonly output: () => string;
  /** Ends it with a signal; resolves to its exit status. */
  readonly interrupt: () => Promise<number | null>;
}

for (const name of ["etcdctl", "kvorumctl"] as const) {
  test(`${name} holds a lock, or leads, until a signal comes`, async (t) => {
    const cluster = await Cluster.start({ size: 1 });
    t.after(() => cluster.dispose());
    const opened = await openCtl(name, cluster.endpoints);
    if (opened.skip !== false) return t.skip(opened.skip);
    const [program = "", ...before] = opened.ctl.command;
    const hold = (...args: string[]): Held => {
      const all = [...before, `--endpoints=${cluster.endpoints}`, ...args];
      const child = start(program, all);
      let output = "";
      child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
      const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
      const interrupt = (): Promise<number | null> => {
        child.kill("SIGINT");
        return ended;
      };
      return { output: () => output, interrupt };
    };
    const first = hold("lock", "mine");
    await waitFor(() => /^mine\/[0-9a-f]+\n\n$/.test(first.output()), "the lock's key");
    const second = hold("lock", "mine");
    const leader = hold("elect", "office", "me");
    await waitFor(() => /^office\/[0-9a-f]+\nme\n$/.test(leader.output()), "the leader's key");
    const observer = hold("elect", "-l", "office");
    await waitFor(() => /^office\/[0-9a-f]+\nme\n$/.test(observer.output()), "the observer's news");
    assert.equal(second.output(), "");
    assert.equal(await first.interrupt(), 0);
    await waitFor(
      () => /^mine\/[0-9a-f]+\n\n$/.test(second.output()),
      "the second to have the lock",
    );
    assert.equal(await second.interrupt(), 0);
    assert.equal(await leader.interrupt(), 0);
    assert.equal(await observer.interrupt(), 0);
    return undefined;
  });
}
