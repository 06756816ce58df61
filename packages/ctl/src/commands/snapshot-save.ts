import type { Command } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { MILLISECOND } from "../go/duration.ts";
import { humanizeBytes } from "../go/humanize.ts";
import { openProgress, type Progress } from "../progress.ts";
import type { Session } from "../session.ts";
import { SnapshotFile } from "../snapshot-file.ts";
import { badArguments } from "./arguments.ts";
import { tookSince } from "./endpoint.ts";
import { errorText } from "../error-text.ts";

interface Download {
  readonly session: Session;
  readonly endpoint: string;
  readonly path: string;
  readonly progress: Progress;
}

/** Copies the server's snapshot into the file; returns the version that the server tells. */
async function receive({ session, endpoint, progress }: Download, file: SnapshotFile) {
  const { client, flags } = session;
  // Big databases take their time: only a timeout that was asked for counts.
  const isLimited = flags.changed("command-timeout");
  const timeoutMs = isLimited ? flags.number("command-timeout") / MILLISECOND : 0;
  let version = "";
  let size = 0;
  for await (const part of client.maintenance.snapshot(endpoint, { timeoutMs })) {
    if (size === 0) {
      version = part.version;
      progress.log("opened snapshot stream; downloading", {});
      progress.log("fetching snapshot", { endpoint });
    }
    await file.write(part.blob);
    size += part.blob.length;
    progress.advance(size, size + part.remainingBytes);
  }
  progress.log("completed snapshot read; closing", {});
  return version;
}

async function save(download: Download): Promise<string> {
  const { endpoint, path, progress } = download;
  const file = await SnapshotFile.create(path);
  progress.log("created temporary db file", { path: file.partPath });
  const start = process.hrtime.bigint();
  try {
    const version = await receive(download, file);
    await file.seal();
    progress.log("fetched snapshot", {
      endpoint,
      size: humanizeBytes(file.size),
      took: tookSince(start),
      "etcd-version": version,
    });
    await file.publish();
    progress.log("saved", { path });
    return version;
  } catch (error) {
    await file.discard();
    throw error;
  } finally {
    progress.end();
  }
}

export const snapshotSave: Command = async ({ args, host, session }) => {
  const [path] = args;
  if (path === undefined || args.length !== 1) {
    throw badArguments("snapshot save expects one argument <filename>");
  }
  const open = await session();
  const [endpoint, ...others] = open.endpoints;
  if (endpoint === undefined || others.length > 0) {
    const all = open.endpoints.join(" ");
    throw new CtlError(
      ExitCode.interrupted,
      `snapshot must be requested to one selected node, not multiple [${all}]`,
    );
  }
  const progress = await openProgress(host, `saving snapshot of ${endpoint}`);
  let version: string;
  try {
    version = await save({ session: open, endpoint, path, progress });
  } catch (error) {
    throw new CtlError(ExitCode.interrupted, errorText(error), { cause: error });
  }
  host.out(`Snapshot saved at ${path}\n`);
  if (version !== "") host.out(`Server version ${version}\n`);
  return undefined;
};
