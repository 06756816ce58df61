import type { Socket } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import { PREFACE_TIMEOUT_MS } from "./http2/limits.ts";

/**
 * Turns raw connections into secure ones. A client that fails its handshake, or takes too long, is
 * dropped. `options` are node's: certificate, key, client verification.
 */
export function createTlsAcceptor(
  options: TlsOptions,
  onSecure: (socket: Socket) => void,
): (socket: Socket) => void {
  const server = createServer(
    { ALPNProtocols: ["h2", "http/1.1"], handshakeTimeout: PREFACE_TIMEOUT_MS, ...options },
    onSecure,
  );
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return (socket) => {
    server.emit("connection", socket);
  };
}
