import type { Socket } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import { PENDING_CONNECTIONS_MAX, PREFACE_TIMEOUT_MS } from "./http2/limits.ts";

/**
 * Turns raw connections into secure ones. A client that fails its handshake, or takes too long, is
 * dropped; so are new ones while too many are at it. `options` are node's: certificate, key, client
 * verification.
 */
export function createTlsAcceptor(
  options: TlsOptions,
  onSecure: (socket: Socket) => void,
): (socket: Socket) => void {
  let pending = 0;
  const server = createServer(
    { ALPNProtocols: ["h2", "http/1.1"], handshakeTimeout: PREFACE_TIMEOUT_MS, ...options },
    (socket) => {
      pending -= 1;
      onSecure(socket);
    },
  );
  // Every handshake ends with one of the two, a connection that is lost during it included.
  server.on("tlsClientError", (_error, socket) => {
    pending -= 1;
    socket.destroy();
  });
  return (socket) => {
    if (pending >= PENDING_CONNECTIONS_MAX) {
      socket.destroy();
      return;
    }
    pending += 1;
    server.emit("connection", socket);
  };
}
