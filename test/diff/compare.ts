import type { Tree } from "./wire-tree.ts";

/** One place where two answers are not the same. `undefined`: that side has nothing there. */
export interface Mismatch {
  /** From the answer down, as "messages[0].kvs[2].lease". */
  readonly path: string;
  readonly left: Tree | undefined;
  readonly right: Tree | undefined;
}

const isMessage = (tree: Tree | undefined): tree is { readonly [name: string]: Tree } =>
  typeof tree === "object" && !Array.isArray(tree);

/** Every place where the trees differ, in order. */
export function mismatches(left: Tree | undefined, right: Tree | undefined, path = ""): Mismatch[] {
  if (left === right) return [];
  if (Array.isArray(left) && Array.isArray(right)) {
    const [ours, theirs] = [left as readonly Tree[], right as readonly Tree[]];
    const length = Math.max(ours.length, theirs.length);
    return Array.from({ length }, (_, i) => i).flatMap((i) =>
      mismatches(ours[i], theirs[i], `${path}[${i}]`),
    );
  }
  if (isMessage(left) && isMessage(right)) {
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...names].flatMap((name) =>
      mismatches(left[name], right[name], path === "" ? name : `${path}.${name}`),
    );
  }
  return [{ path, left, right }];
}
