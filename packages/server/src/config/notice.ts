/** A line to be logged once there is a logger: parsing itself writes nothing. */
export interface ConfigNotice {
  readonly level: "info" | "warn" | "fatal";
  readonly msg: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
