/** Turns what users write as an endpoint into what gRPC connects to. */

export interface Endpoint {
  /** As the user wrote it. */
  readonly text: string;
  /** A target of grpc-js. */
  readonly target: string;
  readonly isSecure: boolean;
  /** Name to verify a certificate against where the target has none. */
  readonly serverName: string | undefined;
}

/** Understands host:port, http(s)://host:port and unix(s)://path, absolute or relative. */
export function parseEndpoint(text: string, hasTls: boolean): Endpoint {
  const unix = /^unix(s?):(?:\/\/)?(.+)$/.exec(text);
  if (unix !== null) {
    const path = unix[2] as string;
    const target = path.startsWith("/") ? `unix://${path}` : `unix:${path}`;
    const serverName = path.slice(path.lastIndexOf("/") + 1).replace(/:\d+$/, "");
    return { text, target, isSecure: unix[1] === "s" || hasTls, serverName };
  }
  const web = /^http(s?):\/\/([^/?#]+)/.exec(text);
  if (web !== null) {
    return {
      text,
      target: tcpTarget(web[2] as string),
      isSecure: web[1] === "s",
      serverName: undefined,
    };
  }
  const bare = text.replace(/^[a-z]+:\/\//, "").replace(/\/+$/, "");
  return { text, target: tcpTarget(bare), isSecure: hasTls, serverName: undefined };
}

// Without a scheme grpc-js would take "localhost:2379" for one called "localhost".
function tcpTarget(hostPort: string): string {
  const host = hostPort.replace(/^[^@]*@/, "");
  return `dns:${host === "" ? "localhost" : host.replace(/^:/, "localhost:")}`;
}
