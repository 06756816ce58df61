import { compare, type Step } from "./conversation.ts";

const line = (text: string, more: Partial<Step> = {}): Step => ({ args: text.split(" "), ...more });
const formats = ["simple", "json", "fields", "table", "protobuf"];
const inAll = (text: string): Step[] => formats.map((format) => line(`${text} -w ${format}`));
const health = [
  [/│ +[\d.]+[mµ]?s │/, "│ DURATION │"],
  [/─+┬/g, "─┬"],
  [/─+┼/g, "─┼"],
  [/─+┴/g, "─┴"],
  [/ +TOOK +/, " TOOK "],
] as const;
/** Page by page, two databases do not grow at the same moment. */
const sizes = [
  [/\d+ [km]?B/gi, "N kB"],
  [/"(?:dbSize|dbSizeInUse|DBSize|DBSizeInUse)" ?: ?\d+/g, "SIZE"],
  [/\d+%/g, "N%"],
] as const;
const dead = "127.0.0.1:1";

compare("endpoints, members and maintenance", [
  line("put foo bar"),
  ...inAll("member list"),
  ...inAll("member list --hex"),
  line("member list --consistency=s"),
  line("member list --consistency=x"),
  ...inAll("endpoint status").map((step) => ({ ...step, same: sizes })),
  ...inAll("endpoint hashkv"),
  ...inAll("endpoint health").map((step) => ({ ...step, same: health })),
  line("endpoint status --cluster", { same: sizes }),
  line("endpoint hashkv --cluster --rev=2"),
  line("endpoint hashkv --rev=1000"),
  line("endpoint health --cluster"),
  line("endpoint health", { pty: true }),
  line(`endpoint health --command-timeout=500ms --endpoints=${dead}`, { bare: true }),
  line(`endpoint health --command-timeout=500ms --endpoints=${dead} -w json`, { bare: true }),
  line(`endpoint status --command-timeout=500ms --endpoints=${dead},{endpoint}`, {
    bare: true,
    same: sizes,
  }),
  line(`endpoint status --command-timeout=500ms --endpoints=${dead} -w table`, { bare: true }),
  line(`endpoint status --command-timeout=500ms --endpoints=${dead} -w json`, { bare: true }),
  line(`endpoint hashkv --command-timeout=500ms --endpoints=${dead}`, { bare: true }),
  line(`endpoint status --cluster --command-timeout=500ms --endpoints=${dead}`, { bare: true }),
  line(`get foo --command-timeout=500ms --endpoints=${dead}`, { bare: true }),
  line(`get foo --command-timeout=2s --endpoints=${dead},{endpoint}`, { bare: true }),
  line("get foo --endpoints=http://{endpoint}", { bare: true }),
  line("get foo --endpoints=", { bare: true }),
  line(`defrag --command-timeout=500ms --endpoints=${dead}`, { bare: true }),
  line("defrag"),
  line("defrag --cluster"),
  ...inAll("alarm list"),
  ...inAll("alarm disarm"),
  line("alarm list x"),
  line("move-leader"),
  line("move-leader xyz"),
  line("move-leader 123"),
  line("member remove"),
  line("member remove zz"),
  line("member remove 1"),
  line("member promote 1"),
  line("member promote {member}"),
  line("member update {member}"),
  line("member update zz --peer-urls=http://127.0.0.1:1"),
  line("member update {member} --peer-urls=http://{peer}"),
  line("member update {member} --peer-urls=http://{peer} -w json"),
  line("member add"),
  line("member add m1"),
  line("member add m1 http://127.0.0.1:1 x"),
  line("member add m1 --peer-urls=:bad"),
  line("member add m1 --peer-urls=http://{peer}"),
  line("member add m1 --learner --peer-urls=http://127.0.0.1:1,http://127.0.0.1:2", {
    learn: { added: /Member +([0-9a-f]+) added/ },
    same: [
      [/Member +/, "Member "],
      [/ETCD_INITIAL_CLUSTER=.*/, "ORDERED BY ID"],
    ],
  }),
  line("member list", { sorted: true }),
  line("member promote {added}"),
  line("member remove {added}", { same: [[/Member +/, "Member "]] }),
  line("member add m2 --learner --peer-urls=http://127.0.0.1:1 -w json", {
    learn: { addedDec: /"member":\{"ID":(\d+)/ },
    same: [[/"members":.*/, "ORDERED BY ID"]],
  }),
  line("downgrade validate"),
  line("downgrade validate 3.6"),
  line("downgrade validate 3.6 -w json"),
  line("downgrade validate 3.6 -w fields"),
  line("downgrade validate 3.9"),
  line("downgrade validate x"),
  line("downgrade cancel"),
]);
