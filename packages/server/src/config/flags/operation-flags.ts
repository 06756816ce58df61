import { type FlagSection, planned, works, idle } from "./definition.ts";

const ROTATION =
  '{"maxsize": 100, "maxage": 0, "maxbackups": 0, "localtime": false, "compress": false}';

const LOGGING: FlagSection = {
  title: "Logging",
  flags: [
    works("logger", "string", "zap", "Only 'zap': structured lines."),
    works(
      "log-outputs",
      "strings",
      "default",
      "'stderr', 'stdout' or file names; 'default' is stderr.",
    ),
    works("log-level", "string", "info", "debug, info, warn, error, panic or fatal."),
    planned("log-format", "string", "json", "json or console."),
    planned("enable-log-rotation", "bool", "false", "Rotate the log file."),
    planned("log-rotation-config-json", "string", ROTATION, "How to rotate it."),
    idle(
      "warning-apply-duration",
      "duration",
      "100ms",
      "Applying an entry for longer is logged as a warning.",
    ),
    works(
      "warning-unary-request-duration",
      "duration",
      "300ms",
      "A unary request that takes longer is logged as a warning.",
    ),
  ],
};

const MONITORING: FlagSection = {
  title: "Profiling, monitoring and tracing",
  flags: [
    planned("enable-pprof", "bool", "false", "Serve profiles over HTTP."),
    planned("metrics", "string", "basic", "'basic' or 'extensive'."),
    planned("listen-metrics-urls", "urls", "", "Where to serve metrics and health."),
    planned("enable-distributed-tracing", "bool", "false", "Send OpenTelemetry traces."),
    planned("distributed-tracing-address", "string", "localhost:4317", "Where to send them."),
    planned("distributed-tracing-service-name", "string", "etcd", "Service name in them."),
    planned("distributed-tracing-instance-id", "string", "", "Instance id in them."),
    planned("distributed-tracing-sampling-rate", "int", "0", "Samples in a million spans."),
  ],
};

const TUNING: FlagSection = {
  title: "Tuning",
  flags: [
    planned("corrupt-check-time", "duration", "0s", "Time between corruption checks; 0 is off."),
    planned("compact-hash-check-time", "duration", "1m", "Time between compaction hash checks."),
    idle("compaction-batch-limit", "int", "0", "Revisions removed in one step; 0 is 1000."),
    idle("compaction-sleep-interval", "duration", "0s", "Pause between steps; 0 is 10ms."),
    works(
      "watch-progress-notify-interval",
      "duration",
      "0s",
      "Time between progress notices to quiet watchers; 0 is 10m.",
    ),
    planned("downgrade-check-time", "duration", "5s", "Time between downgrade checks."),
    planned("bootstrap-defrag-threshold-megabytes", "uint", "0", "Gain that starts a defrag."),
  ],
};

const UNSAFE: FlagSection = {
  title: "Unsafe (these give up guarantees)",
  flags: [
    planned("force-new-cluster", "bool", "false", "Found a one-member cluster from the data."),
    idle("unsafe-no-fsync", "bool", "false", "Do not wait for the disk. We always do."),
  ],
};

const PROGRAM: FlagSection = {
  title: "Program",
  flags: [
    works("config-file", "string", "", "Configuration file; all other settings are then ignored."),
    works("version", "bool", "false", "Print the version and exit."),
  ],
};

export const OPERATION_FLAGS: readonly FlagSection[] = [
  LOGGING,
  MONITORING,
  TUNING,
  UNSAFE,
  PROGRAM,
];
