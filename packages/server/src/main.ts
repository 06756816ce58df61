/**
 * The process: command line in, exit code out. The only file, beside `env/`, that knows it runs in a
 * process at all.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Yaml } from "./config/config-file.ts";
import { parseConfig } from "./config/parse-config.ts";
import type { ConfigNotice } from "./config/notice.ts";
import { Daemon } from "./daemon/daemon.ts";
import { openLogOutput } from "./daemon/log-output.ts";
import type { Env, LogLevel } from "./env/env.ts";
import { createNodeEnv } from "./env/node-env.ts";
import { StartError } from "./member/founding.ts";
import { ListenError } from "./rpc/listener.ts";
import { ETCD_VERSION, KVORUM_VERSION } from "./lib/version.ts";

function logNotices(env: Env, notices: readonly ConfigNotice[]): void {
  for (const { level, msg, fields } of notices) env.log[level](msg, fields);
}

/** What etcd calls the failure of a start; scripts look for these. */
function failureMessage(error: unknown): string {
  if (error instanceof ListenError) return "listener failed";
  return error instanceof StartError ? "discovery failed" : "failed to start etcd";
}

/** Dies of the signal that it was stopped by, as its parent expects; process 1 cannot, and exits. */
function dieOf(signal: NodeJS.Signals): void {
  if (process.pid === 1) process.exit(0);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function watchSignals(daemon: Daemon, env: Env): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    env.log.info("received signal; shutting down", {
      signal: signal === "SIGINT" ? "interrupt" : "terminated",
    });
    daemon.stop().then(
      () => dieOf(signal),
      (error: unknown) => {
        env.log.error("failed to stop cleanly", { error });
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
}

async function run(): Promise<void> {
  const result = parseConfig({
    argv: process.argv.slice(2),
    env: process.env,
    versions: {
      etcd: ETCD_VERSION,
      kvorum: KVORUM_VERSION,
      node: process.version,
      platform: `${process.platform}/${process.arch}`,
    },
    readFile: (path) => readFileSync(path, "utf8"),
    loadYaml: () => createRequire(import.meta.url)("yaml") as Yaml,
  });
  if (result.kind === "exit") {
    process.stdout.write(result.stdout);
    process.stderr.write(result.stderr);
    logNotices(createNodeEnv({ logLevel: "info" }), result.notices);
    process.exitCode = result.code;
    return;
  }
  const { config } = result;
  const env = createNodeEnv({
    logLevel: config.logLevel as LogLevel,
    writeLog: openLogOutput(config.logOutputs),
  });
  logNotices(env, result.notices);
  const daemon = new Daemon({ config, env, onStopped: (failure) => end(env, failure) });
  watchSignals(daemon, env);
  try {
    await daemon.start();
  } catch (error) {
    env.log.fatal(failureMessage(error), { error });
    process.exit(1);
  }
}

function end(env: Env, failure: Error | undefined): void {
  if (failure instanceof StartError) env.log.fatal("failed to start etcd", { error: failure });
  else if (failure !== undefined) {
    env.log.fatal("member failed and must stop", { error: failure, stacktrace: failure.stack });
  }
  process.exit(failure === undefined ? 0 : 1);
}

await run();
