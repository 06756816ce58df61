import {
  Cluster,
  MemberAddResponse,
  MemberListResponse,
  MemberPromoteResponse,
  MemberRemoveResponse,
  MemberUpdateResponse,
} from "@kvorum/proto";
import type { MemberPort } from "../member/ports.ts";
import { type MethodRegistration, unary } from "../rpc/service.ts";
import { Headers } from "./header.ts";
import { checkedPeerUrls } from "./validate.ts";

/** The Cluster service. Its headers carry no revision. */
export function clusterMethods(member: MemberPort): MethodRegistration[] {
  const headers = new Headers(member);
  return [
    unary(Cluster.memberAdd, async ({ peerURLs, isLearner }) => {
      const added = await member.memberAdd(checkedPeerUrls(peerURLs), isLearner);
      return MemberAddResponse.create({ header: headers.create(0), ...added });
    }),
    unary(Cluster.memberRemove, async ({ ID }) => {
      const members = await member.memberRemove(ID);
      return MemberRemoveResponse.create({ header: headers.create(0), members });
    }),
    unary(Cluster.memberUpdate, async ({ ID, peerURLs }) => {
      const members = await member.memberUpdate(ID, peerURLs);
      return MemberUpdateResponse.create({ header: headers.create(0), members });
    }),
    unary(Cluster.memberList, async ({ linearizable }) => {
      const members = await member.memberList(linearizable);
      return MemberListResponse.create({ header: headers.create(0), members });
    }),
    unary(Cluster.memberPromote, async ({ ID }) => {
      const members = await member.memberPromote(ID);
      return MemberPromoteResponse.create({ header: headers.create(0), members });
    }),
  ];
}
