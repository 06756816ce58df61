/**
 * Ports for the processes of a test.
 *
 * They are taken below the range the kernel gives to outgoing connections: from inside that range a
 * client that redials a dead member may be handed the member's own port, and the member could not
 * come back. Two test processes keep apart by a claim file per port.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./cleanup.ts";

const FIRST_PORT = 23_000;
const PORT_COUNT = 1_000;
const claims = join(tmpdir(), "kvorum-test-ports");

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function tryClaim(port: number): boolean {
  mkdirSync(claims, { recursive: true });
  const file = join(claims, String(port));
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const descriptor = openSync(file, "wx");
      writeSync(descriptor, String(process.pid));
      closeSync(descriptor);
      atExit(() => rmSync(file, { force: true }));
      return true;
    } catch {
      if (isAlive(Number(readFileSync(file, "utf8")))) return false;
      rmSync(file, { force: true });
    }
  }
  return false;
}

function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Each process walks upwards from a place of its own, so later ports are higher ones. */
let next = FIRST_PORT + Math.floor((Math.random() * PORT_COUNT * 3) / 4);

/** `count` rising ports of 127.0.0.1, free now and ours until this process ends. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (next < FIRST_PORT + PORT_COUNT && ports.length < count) {
    const port = next++;
    if (tryClaim(port) && (await canBind(port))) ports.push(port);
  }
  if (ports.length < count) throw new Error(`no ${count} free ports from ${FIRST_PORT} on`);
  return ports;
}
