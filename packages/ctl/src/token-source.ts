/** Where the auth token comes from: a flag, or a name and a password that the server knows. */
import { Auth, EtcdError, EtcdErrors } from "@kvorum/proto";
import type { Client, ClientOptions } from "@kvorum/proto/client";
import { MILLISECOND } from "./go/duration.ts";
import type { FlagValues } from "./grammar/flag-values.ts";
import type { Host } from "./host.ts";
import { askPasswords } from "./password.ts";

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** undefined when no user is given. Asks for the password where only a name is. */
async function credentialsOf(
  flags: FlagValues,
  host: Host,
  question: string,
): Promise<Credentials | undefined> {
  const user = flags.string("user");
  if (user === "") return undefined;
  const password = flags.string("password");
  if (password !== "") return { name: user, password };
  const colon = user.indexOf(":");
  if (colon < 0) {
    const [typed = ""] = await askPasswords(host, [question]);
    return { name: user, password: typed };
  }
  return { name: user.slice(0, colon), password: user.slice(colon + 1) };
}

/** Where auth is off the credentials are ignored, as etcdctl does. */
async function authenticate(
  client: Client,
  credentials: Credentials,
  timeoutMs: number,
): Promise<string | undefined> {
  try {
    const options = { withoutToken: true, timeoutMs };
    const { token } = await client.call(Auth.authenticate, { ...credentials }, options);
    return token;
  } catch (error) {
    if (error instanceof EtcdError && error.is(EtcdErrors.authNotEnabled)) return undefined;
    throw error;
  }
}

/** undefined when calls go without a token. `question` asks for a password that is not given. */
export async function tokenSource(
  flags: FlagValues,
  host: Host,
  question: string,
): Promise<ClientOptions["authToken"]> {
  const token = flags.string("auth-jwt-token");
  if (token !== "") return () => Promise.resolve(token);
  const credentials = await credentialsOf(flags, host, question);
  if (credentials === undefined || credentials.password === "") return undefined;
  const timeoutMs = flags.number("dial-timeout") / MILLISECOND;
  return (client) => authenticate(client, credentials, timeoutMs);
}
