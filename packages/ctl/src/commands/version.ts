import type { Command } from "../command.ts";
import { API_VERSION, ETCD_VERSION, VERSION } from "../version.ts";

export const version: Command = ({ host, path }) => {
  host.out(
    `${path[0].name} version: ${VERSION}\n` +
      `API version: ${API_VERSION}\n` +
      `etcd compatibility: ${ETCD_VERSION}\n`,
  );
  return Promise.resolve(undefined);
};
