import { compare, type Step } from "./conversation.ts";

const line = (text: string, more: Partial<Step> = {}): Step => ({ args: text.split(" "), ...more });
const formats = ["simple", "json", "fields", "table"];
const inAll = (text: string): Step[] => formats.map((format) => line(`${text} -w ${format}`));
const remaining = [
  [/remaining\(\d+s\)/, "remaining(N)"],
  [/"ttl":\d+/, '"ttl":N'],
  [/"TTL" : \d+/, '"TTL" : N'],
] as const;
const ids = [
  [/lease [0-9a-f]{16}/, "lease ID"],
  [/"ID":\d+/, '"ID":N'],
  [/"ID" : \d+/, '"ID" : N'],
] as const;

compare("leases", [
  line("lease grant 100", { learn: { lease: /lease ([0-9a-f]+) granted/ } }),
  line("lease grant 100 -w json", { same: ids }),
  line("lease grant 100 -w fields", { same: ids }),
  line("lease grant 100 -w table", { same: ids }),
  line("lease grant 1", { same: ids }),
  line("lease grant 99999999999"),
  line("lease grant x"),
  line("lease grant"),
  line("put on-lease v --lease={lease}"),
  line("put on-lease2 v --lease={lease} --prev-kv"),
  line("get on-lease --hex -w fields"),
  line("lease timetolive {lease}", { same: remaining }),
  line("lease timetolive {lease} --keys", { same: remaining }),
  line("lease timetolive {lease} --keys --hex -w fields", { same: remaining }),
  line("lease timetolive 123"),
  line("lease timetolive 123 -w json"),
  line("lease timetolive 123 -w fields"),
  line("lease timetolive xyz"),
  line("lease timetolive"),
  line("lease keep-alive {lease} --once"),
  line("lease keep-alive {lease} --once -w protobuf"),
  line("lease keep-alive 123 --once"),
  line("lease keep-alive 123"),
  line("lease keep-alive"),
  line("lease revoke {lease}"),
  line("lease revoke {lease}"),
  line("lease revoke {lease} -w json"),
  line("lease revoke zz"),
  line("lease revoke"),
  line("get --prefix on-lease"),
  line("lease timetolive {lease}"),
  line("lease list", { same: [[/^[0-9a-f]{16}$/gm, "ID"]] }),
  line("lease list -w fields", { same: [[/"ID" : \d+/g, '"ID" : N']] }),
  ...inAll("lease revoke 123"),
]);
