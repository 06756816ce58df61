import { Mutex, Session as LeaseSession } from "@kvorum/proto/client";
import type { Command, CommandContext } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { fromBytes, toBytes } from "../go/byte-string.ts";
import { runProgram } from "../run-program.ts";
import { type Interruption, onInterruption } from "../signals.ts";
import { badArguments } from "./arguments.ts";

function failed(message: string): CtlError {
  return new CtlError(ExitCode.error, message);
}

/** Runs the program while the lock is held; the status is the program's. */
async function holdFor({ host }: CommandContext, mutex: Mutex, program: readonly string[]) {
  const env = {
    ...host.env,
    ETCD_LOCK_KEY: fromBytes(mutex.key),
    ETCD_LOCK_REV: String(mutex.header?.revision ?? 0),
  };
  const failure = await runProgram(program, env);
  if (failure !== undefined) throw new CtlError(failure.exitCode, failure.text);
}

/** Tells the key and holds the lock until a signal comes or the session is lost. */
async function holdUntilSignal(
  context: CommandContext,
  mutex: Mutex,
  { lease, interruption }: { lease: LeaseSession; interruption: Interruption },
): Promise<void> {
  const { client, call } = await context.session();
  const response = await call((options) => client.kv.range({ key: mutex.key }, options));
  if (response.kvs.length === 0) throw failed("lock lost on init");
  await context.print({ kind: "get", response, valueOnly: false });
  await Promise.race([interruption.happened, lease.done]);
  if (!interruption.signal.aborted) throw failed("session expired");
}

export const lock: Command = async (context) => {
  const { args, flags, session } = context;
  const [name, ...program] = args;
  if (name === undefined) {
    throw badArguments("lock takes a lock name argument and an optional command to execute");
  }
  const { client, call } = await session();
  const ttlSeconds = flags.number("ttl");
  const lease = await call((options) => LeaseSession.create(client, { ...options, ttlSeconds }));
  const interruption = onInterruption();
  try {
    const mutex = new Mutex(lease, toBytes(name));
    await mutex.lock({ signal: interruption.signal });
    if (program.length > 0) await holdFor(context, mutex, program);
    else await holdUntilSignal(context, mutex, { lease, interruption });
  } finally {
    interruption.release();
    await lease.close(); // With the lease goes the key: the next in line has the lock at once.
  }
  return undefined;
};
