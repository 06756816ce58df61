import { temporaryFolder } from "../harness/cleanup.ts";
import { compare, type Step } from "./conversation.ts";

const line = (text: string, more: Partial<Step> = {}): Step => ({ args: text.split(" "), ...more });
const cwd = temporaryFolder("ctl-snapshot");
/** etcdctl's client tells more of its steps; both write the file with the same bytes but for ids. */
const same = [
  [
    /^[^\n]*(?:opened snapshot stream|completed snapshot read|failed to create Client)[^\n]*\n/gm,
    "",
  ],
  [/"size":"[^"]*"/, '"size":"N"'],
] as const;

compare("snapshot save", [
  line("put foo bar"),
  line("snapshot save a.db", { cwd, same }),
  line("snapshot save b.db", { cwd, same, pty: true }),
  line("snapshot save"),
  line("snapshot save a b"),
  line("snapshot save no/such/folder/a.db", { cwd, same }),
  line("snapshot save a.db --endpoints={endpoint},127.0.0.1:1", { bare: true, cwd }),
  line("snapshot save c.db --command-timeout=300ms --endpoints=127.0.0.1:1", {
    bare: true,
    cwd,
    same,
  }),
]);
