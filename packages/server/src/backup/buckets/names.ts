/** etcd's top-level buckets, by the names they have on disk; ascending, as an image lists them. */
export const BUCKET_NAME = {
  alarm: "alarm",
  auth: "auth",
  authRoles: "authRoles",
  authUsers: "authUsers",
  cluster: "cluster",
  key: "key",
  lease: "lease",
  members: "members",
  membersRemoved: "members_removed",
  meta: "meta",
} as const;
