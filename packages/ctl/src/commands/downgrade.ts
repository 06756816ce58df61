import { DowngradeRequest_DowngradeAction } from "@kvorum/proto";
import type { Command } from "../command.ts";
import { badArguments } from "./arguments.ts";

function targetVersion(args: readonly string[]): string {
  const [version] = args;
  if (version === undefined) throw badArguments("TARGET_VERSION not provided");
  if (args.length > 1) throw badArguments("too many arguments");
  if (version === "") throw badArguments("target version not provided");
  return version;
}

function withVersion(action: "validate" | "enable", code: number): Command {
  return async ({ args, session }) => {
    const version = targetVersion(args);
    const { client, call } = await session();
    const response = await call((options) =>
      client.maintenance.downgrade({ action: code, version }, options),
    );
    return { kind: "downgrade", action, response };
  };
}

export const downgradeValidate: Command = withVersion(
  "validate",
  DowngradeRequest_DowngradeAction.VALIDATE,
);
export const downgradeEnable: Command = withVersion(
  "enable",
  DowngradeRequest_DowngradeAction.ENABLE,
);

export const downgradeCancel: Command = async ({ session }) => {
  const { client, call } = await session();
  const action = DowngradeRequest_DowngradeAction.CANCEL;
  const response = await call((options) => client.maintenance.downgrade({ action }, options));
  return { kind: "downgrade", action: "cancel", response };
};
