import { compare, type Step } from "./conversation.ts";

const txn = (input: string, ...args: string[]): Step => ({ args: ["txn", ...args], input });
const condition = (text: string): Step => txn(`${text}\n\nput yes y\n\nput no n\n\n`);

compare("transactions", [
  txn('mod("foo") > "0"\n\nput a b\n\nput foo bar\nget foo\n\n'),
  txn('mod("foo") > "0"\n\nput a b --prev-kv\nget a\ndel a --prev-kv\nget --prefix f\n\n\n'),
  ...["json", "fields", "protobuf", "table"].map((format) =>
    txn('val("foo") = "bar"\n\nput a "b c"\nget a\ndel a --prev-kv\nget zz\n\n\n', "-w", format),
  ),
  txn("\n\n\n", "-i"),
  txn('ver("foo") = "1"\n\nput a 1\n\n\n', "--hex=true"),
  { args: ["txn", "-i"], input: 'mod("foo") > "0"\r\r\rput x y\r\r\r\r', pty: true },
  condition('version("foo") != "7"'),
  condition('c("foo") < "100"'),
  condition('create("nokey") = "0"'),
  condition('value("foo") = "b\\x61r"'),
  condition("val(`foo`) = `bar`"),
  condition('  mod("foo")  >   "0"   trailing'),
  condition('m("foo")> "0"'),
  condition("mod(foo) > 0"),
  condition('mod("foo") > 0'),
  condition('mod("foo") > "x"'),
  condition('size("foo") > "1"'),
  condition("nothing"),
  condition('val("\\q") = "b"'),
  txn("\nput\n\n\n"),
  txn("\nput a\n\n\n"),
  txn("\nput a b c\n\n\n"),
  txn("\nput --bad x\n\n\n"),
  txn("\nget --limit=x a\n\n\n"),
  txn("\nmove a b\n\n\n"),
  txn("\nput 'single quoted' \"double\\tquoted\"\nget 'single quoted'\n\n\n"),
  txn("\ndel a --prefix --from-key\n\n\n"),
  txn("\ndel a b --range\n\n\n"),
  txn("\nput k 1\nput k 2\n\n\n"),
  txn("\nput k v --lease=123\n\n\n"),
  txn('\nput "" v\n\n\n'),
  txn("put k v"),
  txn(""),
  { args: ["txn", "argument"], input: "" },
]);
