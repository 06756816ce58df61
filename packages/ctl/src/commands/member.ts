import type { Command } from "../command.ts";
import { checkPeerUrls } from "../peer-urls.ts";
import { badArguments, isSerializable, memberIdArgument } from "./arguments.ts";

const NO_URLS = "member peer urls not provided";

export const memberAdd: Command = async ({ args, flags, session }) => {
  const [name] = args;
  if (name === undefined) throw badArguments("member name not provided");
  if (args.length > 1) {
    const urls = args.filter((argument) => argument.toLowerCase().startsWith("http"));
    const hints = urls.map((url) => `, did you mean --peer-urls=${url}`).join("");
    throw badArguments(`too many arguments${hints}`);
  }
  const peerUrls = flags.string("peer-urls");
  if (peerUrls === "") throw badArguments(NO_URLS);
  const { client, call } = await session();
  const request = { peerURLs: peerUrls.split(","), isLearner: flags.bool("learner") };
  checkPeerUrls(request.peerURLs);
  const response = await call((options) => client.cluster.memberAdd(request, options));
  return { kind: "memberAdd", response, name, peerUrls };
};

export const memberRemove: Command = async ({ args, session }) => {
  const id = memberIdArgument(args);
  const { client, call } = await session();
  const response = await call((options) => client.cluster.memberRemove(id, options));
  return { kind: "memberRemove", id, response };
};

export const memberUpdate: Command = async ({ args, flags, session }) => {
  const id = memberIdArgument(args);
  const peerUrls = flags.string("peer-urls");
  if (peerUrls === "") throw badArguments(NO_URLS);
  const { client, call } = await session();
  const request = { ID: id, peerURLs: peerUrls.split(",") };
  checkPeerUrls(request.peerURLs);
  const response = await call((options) => client.cluster.memberUpdate(request, options));
  return { kind: "memberUpdate", id, response };
};

export const memberPromote: Command = async ({ args, session }) => {
  const id = memberIdArgument(args);
  const { client, call } = await session();
  const response = await call((options) => client.cluster.memberPromote(id, options));
  return { kind: "memberPromote", id, response };
};

export const memberList: Command = async ({ flags, session }) => {
  const linearizable = !isSerializable(flags.string("consistency"), "l");
  const { client, call } = await session();
  const response = await call((options) => client.cluster.memberList({ ...options, linearizable }));
  return { kind: "memberList", response };
};
