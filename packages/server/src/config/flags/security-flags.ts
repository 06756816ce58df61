import { type FlagSection, planned } from "./definition.ts";

const CLIENT_TLS: FlagSection = {
  title: "Security of client connections",
  flags: [
    planned("cert-file", "string", "", "Server certificate file."),
    planned("key-file", "string", "", "Server key file."),
    planned("client-cert-auth", "bool", "false", "Ask clients for a certificate."),
    planned("client-cert-file", "string", "", "Certificate for this server's own client."),
    planned("client-key-file", "string", "", "Key for this server's own client."),
    planned("client-crl-file", "string", "", "File of revoked client certificates."),
    planned("client-cert-allowed-hostname", "strings", "", "Names a client may carry."),
    planned("trusted-ca-file", "string", "", "File of authorities trusted for clients."),
    planned("auto-tls", "bool", "false", "Serve with a certificate made at the start."),
    planned("cors", "origins", "*", "Origins that browsers may call the gateway from."),
    planned("host-whitelist", "strings", "*", "Host names that HTTP requests may carry."),
  ],
};

const PEER_TLS: FlagSection = {
  title: "Security of peer connections",
  flags: [
    planned("peer-cert-file", "string", "", "Peer certificate file."),
    planned("peer-key-file", "string", "", "Peer key file."),
    planned("peer-client-cert-auth", "bool", "false", "Ask peers for a certificate."),
    planned("peer-client-cert-file", "string", "", "Certificate for dialling peers."),
    planned("peer-client-key-file", "string", "", "Key for dialling peers."),
    planned("peer-crl-file", "string", "", "File of revoked peer certificates."),
    planned("peer-trusted-ca-file", "string", "", "File of authorities trusted for peers."),
    planned("peer-cert-allowed-cn", "strings", "", "Common names that a peer may carry."),
    planned("peer-cert-allowed-hostname", "strings", "", "Names that a peer may carry."),
    planned("peer-auto-tls", "bool", "false", "Talk with certificates made at the start."),
    planned(
      "peer-skip-client-san-verification",
      "bool",
      "false",
      "Do not compare a peer's address with its certificate.",
    ),
  ],
};

const TLS_AND_AUTH: FlagSection = {
  title: "TLS versions and authentication",
  flags: [
    planned("self-signed-cert-validity", "uint", "1", "Years that made certificates last."),
    planned("cipher-suites", "strings", "", "Cipher suites to allow, by Go's names."),
    planned("tls-min-version", "string", "TLS1.2", "Lowest TLS version: TLS1.2 or TLS1.3."),
    planned("tls-max-version", "string", "", "Highest TLS version: TLS1.2 or TLS1.3."),
    planned("auth-token", "string", "simple", "Kind of auth tokens: 'simple' or 'jwt,…'."),
    planned("bcrypt-cost", "uint", "10", "Cost of a password's bcrypt hash, 4 to 31."),
    planned("auth-token-ttl", "uint", "300", "Seconds that a simple token lasts unused."),
  ],
};

export const SECURITY_FLAGS: readonly FlagSection[] = [CLIENT_TLS, PEER_TLS, TLS_AND_AUTH];
