/** The store as a plain list of changes, every answer computed from scratch. */
export interface ModelChange {
  readonly main: number;
  readonly sub: number;
  readonly key: string;
  /** Undefined for a deletion. */
  readonly value: string | undefined;
  readonly lease: bigint;
}

export interface ModelVersion {
  readonly key: string;
  readonly value: string;
  readonly created: number;
  readonly main: number;
  readonly version: number;
  readonly lease: bigint;
}

export type ModelWrite =
  | { readonly put: string; readonly value: string; readonly lease: bigint }
  | { readonly delete: string; readonly end: string | undefined };

export class MvccModel {
  changes: ModelChange[] = [];
  revision = 1;
  compactRevision = -1;

  /** Keys that exist at a revision, in order. */
  at(revision: number): ModelVersion[] {
    const versions = new Map<string, ModelVersion>();
    for (const { main, key, value, lease } of this.changes) {
      if (main > revision) {
        break;
      }
      const before = versions.get(key);
      if (value === undefined) {
        versions.delete(key);
      } else {
        const created = before?.created ?? main;
        versions.set(key, {
          key,
          value,
          created,
          main,
          version: (before?.version ?? 0) + 1,
          lease,
        });
      }
    }
    return [...versions.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** One transaction. */
  write(writes: readonly ModelWrite[]): void {
    const main = this.revision + 1;
    let sub = 0;
    for (const write of writes) {
      if ("put" in write) {
        const { put: key, value, lease } = write;
        this.changes.push({ main, sub: sub++, key, value, lease });
        continue;
      }
      const { delete: start, end } = write;
      for (const { key } of this.at(main)) {
        if (key >= start && (end === undefined || key < end)) {
          this.changes.push({ main, sub: sub++, key, value: undefined, lease: 0n });
        }
      }
    }
    if (sub > 0) {
      this.revision = main;
    }
  }

  /** Events of a range from a revision on, as `describeEvent` prints them. */
  events(start: string, end: string | undefined, from: number, withPrevious: boolean): string[] {
    return this.changes
      .filter(({ key, main }) => main >= from && key >= start && (end === undefined || key < end))
      .map((change) => this.#describe(change, withPrevious));
  }

  #describe({ main, key, value }: ModelChange, withPrevious: boolean): string {
    const previous = withPrevious
      ? this.at(main - 1).find((version) => version.key === key)
      : undefined;
    const suffix = previous === undefined ? "" : `<-${previous.value}`;
    return value === undefined
      ? `DELETE ${key}@${main}${suffix}`
      : `PUT ${key}=${value}@${main}${suffix}`;
  }
}
