/**
 * Walks a B+ tree in key order, one leaf page at a time, with one page a level in memory.
 *
 * The keys of a child lie in [its key in the branch, the next key in the branch). Checking this on
 * every page keeps the order of the whole tree, and it is also what makes the walk end on a file
 * whose references run in circles: a page met twice cannot satisfy both ranges.
 */
import {
  type BranchElement,
  corrupt,
  decodeBranch,
  decodeLeaf,
  isLeaf,
  type LeafElement,
  type Page,
} from "./page-decoder.ts";
import type { PageReader, PageVisitor } from "./page-reader.ts";

/** Branches have two children at least and a file has less than 2^53 pages. */
const DEPTH_MAX = 54;

export interface TreeReference {
  readonly page: number;
  /** Where in the file the page id stands. */
  readonly offset: number;
}

interface KeyRange {
  readonly from: Buffer | undefined;
  readonly to: Buffer | undefined;
}

/** A branch page being walked. */
interface Position {
  readonly children: readonly BranchElement[];
  readonly to: Buffer | undefined;
  next: number;
}

/** Yields the elements of each leaf page; none for an empty tree. */
export async function* readTree(
  pages: PageReader,
  root: TreeReference,
  visitor?: PageVisitor,
): AsyncGenerator<readonly LeafElement[]> {
  const path: Position[] = [];
  let reference: TreeReference | undefined = root;
  let range: KeyRange = { from: undefined, to: undefined };
  while (reference !== undefined) {
    const page = await pages.read(reference.page, reference.offset, visitor);
    if (isLeaf(page)) {
      const elements = decodeLeaf(page);
      assertInRange(page, elements, range);
      if (elements.length > 0) {
        yield elements;
      }
    } else {
      descend(path, page, range);
    }
    [reference, range] = nextChild(path);
  }
}

function descend(path: Position[], page: Page, range: KeyRange): void {
  const children = decodeBranch(page);
  assertInRange(page, children, range);
  path.push({ children, to: range.to, next: 0 });
  if (path.length > DEPTH_MAX) {
    throw corrupt(page, 0, `tree deeper than ${DEPTH_MAX} pages`);
  }
}

/** Moves on to the next child not walked yet. */
function nextChild(path: Position[]): [TreeReference | undefined, KeyRange] {
  for (let top = path.at(-1); top !== undefined; path.pop(), top = path.at(-1)) {
    const child = top.children[top.next++];
    if (child !== undefined) {
      const range = { from: child.key, to: top.children[top.next]?.key ?? top.to };
      return [{ page: child.child, offset: child.offset }, range];
    }
  }
  return [undefined, { from: undefined, to: undefined }];
}

/** The keys of a page ascend, so that its first and last stand for all. */
function assertInRange(page: Page, elements: readonly { key: Buffer }[], range: KeyRange): void {
  const first = elements[0]?.key;
  const last = elements.at(-1)?.key;
  if (first !== undefined && range.from !== undefined && Buffer.compare(first, range.from) < 0) {
    const keys = `${first.toString("hex")} < ${range.from.toString("hex")}`;
    throw corrupt(page, 0, `first key is below its branch's: ${keys}`);
  }
  if (last !== undefined && range.to !== undefined && Buffer.compare(last, range.to) >= 0) {
    const keys = `${last.toString("hex")} >= ${range.to.toString("hex")}`;
    throw corrupt(page, 0, `last key reaches into the next page's: ${keys}`);
  }
}
