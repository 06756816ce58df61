import { compare, type Step } from "./conversation.ts";

const line = (text: string, more: Partial<Step> = {}): Step => ({ args: text.split(" "), ...more });
const root = "--user=root:secret";

compare("credentials while auth is off are ignored", [
  line(`put a 1 ${root}`),
  line("get a --user=nobody:wrong"),
  line("get a --user=nobody --password=wrong"),
  line("get a --user=nobody", {
    input: "wrong\n",
    same: [[/^stty: .*\n/gm, ""]],
  }),
  line("get a --user=nobody:"),
  line("get a --auth-jwt-token=abc"),
]);
