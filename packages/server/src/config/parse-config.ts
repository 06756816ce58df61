/**
 * From a command line, variables and maybe a file to a `Config`, or to what is to be printed
 * instead. Pure: nothing is read, written or logged here but through `ConfigInput`.
 */
import { applyConfigFile, FileUrlError, type Yaml } from "./config-file.ts";
import { buildConfig, type Config } from "./config.ts";
import { applyEnvironment, type Environment, ShadowedVariableError } from "./environment.ts";
import { FlagSet, FlagSyntaxError, HelpRequested } from "./flags/flag-set.ts";
import { FLAGS } from "./flags/flags.ts";
import { quote, ValueError } from "../lib/value-error.ts";
import { helpText, USAGE, type VersionFacts, versionText } from "./help.ts";
import type { ConfigNotice } from "./notice.ts";
import { validateConfig } from "./validate.ts";

export interface ConfigInput {
  /** Without the program's name. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly versions: VersionFacts;
  /** Reads the configuration file; may throw what the file system throws. */
  readonly readFile: (path: string) => string;
  /** Called only for a configuration file. */
  readonly loadYaml: () => Yaml;
}

/**
 * `notices` are log lines, in order. On `exit`, `stdout` and `stderr` are printed as they are, the
 * notices logged, and the process ends with `code`.
 */
export type ConfigResult =
  | { readonly kind: "run"; readonly config: Config; readonly notices: readonly ConfigNotice[] }
  | {
      readonly kind: "exit";
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
      readonly notices: readonly ConfigNotice[];
    };

type Exit = Extract<ConfigResult, { kind: "exit" }>;

const SUB_PROGRAMS: ReadonlySet<string> = new Set(["gateway", "grpc-proxy"]);
const LARGE_QUOTA_BYTES = 8 * 1024 ** 3;
const LARGE_REQUEST_BYTES = 10 * 1024 ** 2;

function exit(code: number, parts: Partial<Exit> = {}): Exit {
  return { kind: "exit", code, stdout: "", stderr: "", notices: [], ...parts };
}

function parseCommandLine(flags: FlagSet, input: ConfigInput): Exit | readonly string[] {
  try {
    return flags.parse(input.argv);
  } catch (error) {
    if (error instanceof HelpRequested) return exit(0, { stdout: helpText(), stderr: USAGE });
    if (!(error instanceof FlagSyntaxError)) throw error;
    return exit(2, { stderr: `${error.message}\n${USAGE}` });
  }
}

function running(input: ConfigInput): ConfigNotice {
  return { level: "info", msg: "Running: ", fields: { args: ["kvorum", ...input.argv] } };
}

function failed(input: ConfigInput, reason: string, before: readonly ConfigNotice[] = []): Exit {
  const notice: ConfigNotice = {
    level: "warn",
    msg: "failed to verify flags",
    fields: { error: reason },
  };
  return exit(1, { notices: [running(input), ...before, notice] });
}

/** Never throws for anything an operator can write. */
export function parseConfig(input: ConfigInput): ConfigResult {
  const first = input.argv[0] ?? "";
  if (SUB_PROGRAMS.has(first)) {
    return exit(1, { stderr: `Error: kvorum ${first} is not supported by this version\n` });
  }
  const flags = new FlagSet(FLAGS);
  const rest = parseCommandLine(flags, input);
  if ("kind" in rest) return rest;
  if (rest[0] !== undefined) return failed(input, `${quote(rest[0])} is not a valid flag`);
  if (flags.get("version", "bool")) return exit(0, { stdout: versionText(input.versions) });
  return resolve(flags, input);
}

function resolve(commandLine: FlagSet, input: ConfigInput): ConfigResult {
  const path = commandLine.get("config-file", "string") || (input.env["ETCD_CONFIG_FILE"] ?? "");
  const notices: ConfigNotice[] = [];
  try {
    const flags = path === "" ? commandLine : new FlagSet(FLAGS);
    if (path === "") notices.push(...applyEnvironment(flags, FLAGS, input.env));
    else notices.push(loadFile(flags, path, input));
    const config = buildConfig(flags, path !== "");
    validateConfig(config, flags);
    return { kind: "run", config, notices: [running(input), ...notices, ...advice(config, flags)] };
  } catch (error) {
    return refusal(error, input, notices);
  }
}

function loadFile(flags: FlagSet, path: string, input: ConfigInput): ConfigNotice {
  applyConfigFile(flags, FLAGS, readConfigFile(path, input), input.loadYaml());
  return {
    level: "info",
    msg:
      "loaded server configuration, other configuration command line flags and " +
      "environment variables will be ignored if provided",
    fields: { path },
  };
}

function readConfigFile(path: string, input: ConfigInput): string {
  try {
    return input.readFile(path);
  } catch (error) {
    const missing = (error as { code?: unknown }).code === "ENOENT";
    throw new ValueError(`open ${path}: ${missing ? "no such file or directory" : String(error)}`);
  }
}

function refusal(error: unknown, input: ConfigInput, before: readonly ConfigNotice[]): Exit {
  if (error instanceof ValueError) return failed(input, error.message, before);
  if (error instanceof FileUrlError) return exit(1, { stderr: `${error.message}\n` });
  if (error instanceof ShadowedVariableError) {
    const fields = { "environment-variable": error.variable };
    return exit(1, { notices: [{ level: "fatal", msg: error.message, fields }] });
  }
  throw error;
}

function warn(msg: string, fields: ConfigNotice["fields"] = {}): ConfigNotice {
  return { level: "warn", msg, fields };
}

function flagAdvice(flags: FlagSet): ConfigNotice[] {
  const notices: ConfigNotice[] = [];
  for (const name of [...flags.setNames].sort()) {
    const flag = FLAGS.get(name);
    if (flag?.deprecation !== undefined) notices.push(warn(flag.deprecation));
    if (flag?.kind === "ignored") {
      notices.push(warn("flag is no longer supported - ignoring", { "flag-name": name }));
    }
    if (flag?.support === "idle" && flag.deprecation === undefined && !flags.isDefault(name)) {
      notices.push(warn("flag has no effect", { "flag-name": name }));
    }
  }
  return notices;
}

function advice(config: Config, flags: FlagSet): ConfigNotice[] {
  const notices = flagAdvice(flags);
  if (config.name === "default") {
    notices.push(
      warn(
        "it isn't recommended to use default name, please set a value for --name. Note that " +
          "members which share a name may be taken for one another when they join",
        { name: config.name },
      ),
    );
  }
  if (config.dataDirIsDefault) {
    notices.push(warn("'data-dir' was empty; using default", { "data-dir": config.dataDir }));
  }
  if (config.quotaBackendBytes > LARGE_QUOTA_BYTES) {
    notices.push(
      warn("quota exceeds the recommended maximum", {
        "quota-size-bytes": config.quotaBackendBytes,
        "quota-maximum-size-bytes": LARGE_QUOTA_BYTES,
      }),
    );
  }
  if (config.maxRequestBytes > LARGE_REQUEST_BYTES) {
    notices.push(
      warn("exceeded recommended request limit", {
        "max-request-bytes": config.maxRequestBytes,
        "recommended-request-bytes": LARGE_REQUEST_BYTES,
      }),
    );
  }
  return notices;
}
