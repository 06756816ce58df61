import type { FileSystem } from "../env/file-system.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import type { WalRecord } from "./record.ts";
import { listSegments, readSegmentBytes } from "./segment-files.ts";
import { decodeHeader } from "./segment-header.ts";
import type { SegmentHeader } from "./segment-header.ts";
import { readSegment } from "./segment-reader.ts";

/** One thing found in a log, in file order. */
export type WalDumpItem =
  | { readonly kind: "segment"; readonly path: string; readonly header: SegmentHeader }
  | {
      readonly kind: "record";
      readonly path: string;
      readonly offset: number;
      readonly record: WalRecord;
    }
  | { readonly kind: "torn"; readonly path: string; readonly offset: number }
  | { readonly kind: "corrupt"; readonly path: string; readonly message: string };

/**
 * Everything the files of a log say, overwritten entries included, for tools. Reads only. Damage is an
 * item, after the good records of its file; the files behind it are still shown.
 */
export async function* dumpWal(fs: FileSystem, directory: string): AsyncGenerator<WalDumpItem> {
  const segments = await listSegments(fs, directory);
  for (const { path } of segments) {
    yield* dumpSegment(await readSegmentBytes(fs, path), path, path === segments.at(-1)!.path);
  }
}

function dumpSegment(bytes: Uint8Array, path: string, last: boolean): WalDumpItem[] {
  const items: WalDumpItem[] = [];
  try {
    const header = decodeHeader(bytes, path);
    items.push({ kind: "segment", path, header });
    const content = readSegment(bytes, { path, chain: header.chain, last }, (record, offset) => {
      items.push({ kind: "record", path, offset, record });
    });
    if (content.tail === "torn") {
      items.push({ kind: "torn", path, offset: content.goodEnd });
    }
  } catch (error) {
    if (!(error instanceof CorruptionError)) {
      throw error;
    }
    items.push({ kind: "corrupt", path, message: error.message });
  }
  return items;
}
