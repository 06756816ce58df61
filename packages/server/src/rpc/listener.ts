/** Listening sockets: TCP and unix, with errors that name the address. */
import { connect, createServer, type Server, type Socket } from "node:net";

export interface ListenAddress {
  /** As the operator wrote it; for messages. */
  readonly url: string;
  readonly hostname: string;
  readonly port: number;
  /** Not empty: listen on this unix socket instead. */
  readonly socketPath: string;
  /** Removes the file of a unix socket that a dead process left behind. Default: it stays in the way. */
  readonly removeSocket?: (path: string) => Promise<void>;
}

/** The address cannot be listened on; `message` is one line, fit for an operator. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  /** The system's code, such as `EADDRINUSE`. */
  readonly code: string;
  readonly url: string;

  constructor(address: ListenAddress, cause: NodeJS.ErrnoException) {
    super(describe(address, cause), { cause });
    this.code = cause.code ?? "UNKNOWN";
    this.url = address.url;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "bind: address already in use",
  EADDRNOTAVAIL: "bind: cannot assign requested address",
  EACCES: "bind: permission denied",
  ENOENT: "bind: no such file or directory",
};

function describe(address: ListenAddress, cause: NodeJS.ErrnoException): string {
  const reason = REASONS[cause.code ?? ""] ?? cause.message;
  if (address.socketPath !== "") return `listen unix ${address.socketPath}: ${reason}`;
  const host = address.hostname.includes(":") ? `[${address.hostname}]` : address.hostname;
  return `listen tcp ${host}:${address.port}: ${reason}`;
}

export interface Listener {
  readonly url: string;
  /** The bound port; 0 for a unix socket. */
  readonly port: number;
  /** Stops listening; connections that were accepted live on. */
  close(): Promise<void>;
}

/** `localhost` is 127.0.0.1 whatever the resolver puts first: that is where clients look. */
function bindHost(hostname: string): string {
  return hostname === "localhost" ? "127.0.0.1" : hostname;
}

function start(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(new ListenError(address, error));
    server.once("error", fail);
    const listening = (): void => {
      server.off("error", fail);
      resolve();
    };
    if (address.socketPath !== "") server.listen({ path: address.socketPath }, listening);
    else server.listen({ host: bindHost(address.hostname), port: address.port }, listening);
  });
}

function isListenedOn(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socketPath);
    probe.once("error", () => resolve(false));
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
  });
}

/** A killed process leaves its socket file; that must not keep the next one from starting. */
async function startOverStaleSocket(server: Server, address: ListenAddress): Promise<void> {
  const { removeSocket, socketPath } = address;
  try {
    await start(server, address);
  } catch (error) {
    const isTaken = error instanceof ListenError && error.code === "EADDRINUSE";
    if (!isTaken || socketPath === "" || removeSocket === undefined) throw error;
    if (await isListenedOn(socketPath)) throw error;
    await removeSocket(socketPath);
    await start(server, address);
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // close() waits for connections, which are not the listener's: only the socket must be free.
    if (!server.listening) resolve();
  });
}

/**
 * Listens and hands over every connection. Rejects with `ListenError`. A connection error before the
 * receiver has taken the socket is the client's business and is dropped.
 */
export async function listen(
  address: ListenAddress,
  onConnection: (socket: Socket) => void,
): Promise<Listener> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => undefined);
    onConnection(socket);
  });
  await startOverStaleSocket(server, address);
  const bound = server.address();
  return {
    url: address.url,
    port: typeof bound === "object" && bound !== null ? bound.port : 0,
    close: () => closeServer(server),
  };
}
