/** The segment files of a directory, checked against each other, and their bytes. */
import type { FileSystem } from "../env/file-system.ts";
import { readFully } from "../env/file-io.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import { parseSegmentName } from "./segment-header.ts";

/** Larger files are not ours; keeps a damaged size from becoming an allocation. */
const SEGMENT_BYTES_MAX = 2 ** 32;

export interface SegmentFile {
  readonly name: string;
  readonly path: string;
  readonly sequence: number;
  readonly firstIndex: number;
}

/** Segments by rising sequence; rejects with `CorruptionError` if one is missing in between. */
export async function listSegments(fs: FileSystem, directory: string): Promise<SegmentFile[]> {
  const segments: SegmentFile[] = [];
  for (const name of await fs.readdir(directory)) {
    const numbers = parseSegmentName(name);
    if (numbers !== undefined) {
      segments.push({ name, path: `${directory}/${name}`, ...numbers });
    }
  }
  segments.sort((a, b) => a.sequence - b.sequence);
  for (let at = 1; at < segments.length; at++) {
    const expected = segments[at - 1]!.sequence + 1;
    if (segments[at]!.sequence !== expected) {
      throw new CorruptionError(directory, segments[at]!.name, `segment ${expected} is missing`);
    }
  }
  return segments;
}

/** The whole content of a segment file. */
export async function readSegmentBytes(fs: FileSystem, path: string): Promise<Uint8Array> {
  const file = await fs.open(path);
  try {
    const { size } = await file.stat();
    if (size > SEGMENT_BYTES_MAX) {
      throw new CorruptionError(path, 0, `a segment of ${size} bytes is not possible`);
    }
    const bytes = new Uint8Array(size);
    return bytes.subarray(0, await readFully(file, bytes, 0));
  } finally {
    await file.close();
  }
}
