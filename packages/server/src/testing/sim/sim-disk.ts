/**
 * A machine's disk as one life of its process sees it. It can fail, once and for good as far as this
 * life can know; and what it does is not heard of while the process is stopped.
 */
import type { FileSystem } from "../../env/file-system.ts";
import {
  FaultFileSystem,
  mutatingKinds,
  type Operation,
  type OperationKind,
} from "../../env/testing/fault-file-system.ts";
import type { SimClock } from "./sim-clock.ts";

export class SimDisk extends FaultFileSystem {
  readonly #clock: SimClock;
  #breaks: { readonly code: string; readonly onFailed: (operation: Operation) => void } | undefined;
  #hasFailed = false;

  constructor(inner: FileSystem, clock: SimClock) {
    super(inner);
    this.#clock = clock;
    this.decide = (operation) => this.#decide(operation);
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** The next change fails with this code; `onFailed` is told which one it was. */
  break(code: string, onFailed: (operation: Operation) => void): void {
    this.#breaks = { code, onFailed };
  }

  /** It works again, if it has not failed yet. */
  mend(): void {
    this.#breaks = undefined;
  }

  override async guard<T>(
    kind: OperationKind,
    path: string,
    operation: () => Promise<T>,
    short?: (bytes: number) => Promise<T>,
  ): Promise<T> {
    try {
      return await super.guard(kind, path, operation, short);
    } finally {
      await this.#clock.whenIdle();
    }
  }

  #decide(operation: Operation): { kind: "error"; code: string } | undefined {
    const breaks = this.#breaks;
    if (breaks === undefined || !mutatingKinds.has(operation.kind)) return undefined;
    this.#breaks = undefined;
    this.#hasFailed = true;
    breaks.onFailed(operation);
    return { kind: "error", code: breaks.code };
  }
}
