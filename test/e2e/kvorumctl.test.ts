import { describeSession } from "./ctl-session.ts";

await describeSession("kvorumctl");
