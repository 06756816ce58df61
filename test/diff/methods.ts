import {
  Auth,
  Cluster,
  Election,
  Health,
  KV,
  Lease,
  Lock,
  Maintenance,
  type MessageType,
  type MethodDefinition,
  Watch,
} from "@kvorum/proto";

/** A method without the types of its messages. */
export type AnyMethod = MethodDefinition<unknown, unknown> & {
  readonly requestType: MessageType<unknown>;
  readonly responseType: MessageType<unknown>;
};

const services = [KV, Watch, Lease, Cluster, Maintenance, Auth, Lock, Election, Health];
const methods = new Map<string, AnyMethod>(
  services.flatMap((service) =>
    (Object.values(service) as AnyMethod[]).map((method) => [method.path, method] as const),
  ),
);

/** The method with this `:path`, if the schema has it. */
export function methodAt(path: string): AnyMethod | undefined {
  return methods.get(path);
}

/** The only method by this name, as "Range" or "LeaseGrant". */
export function pathOf(name: string): string {
  for (const path of methods.keys()) if (path.endsWith(`/${name}`)) return path;
  throw new Error(`no method ${name}`);
}
