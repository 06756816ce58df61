/**
 * An ordered map from string to V, by code unit (for latin1 strings: byte order).
 *
 * A B+ tree: values live in leaves of up to `NODE_SIZE_MAX` keys, so a visit walks arrays, and a
 * million keys are four levels deep. Inner nodes hold, for each child but the first, the smallest
 * key that may be below it. Leaves are not linked: a visit descends again from the root, which lets
 * callers cut a long walk into slices and resume from the last key although the tree changed.
 *
 * Keys added in ascending order leave full leaves behind. Removal merges a node into its neighbour
 * only when both are small, so alternating adds and removes do not thrash.
 *
 * A leaf may be given frozen: whatever holds its content is asked for it when a key of the leaf is
 * first looked for, visited or changed. Above the leaves nothing is different.
 */

const NODE_SIZE_MAX = 64;
const MERGED_SIZE_MAX = NODE_SIZE_MAX / 2;

/** The content of a leaf, at rest. */
export interface FrozenLeaf<V> {
  /** Number of keys, at least one. */
  readonly size: number;
  /** The arrays are the tree's from then on. */
  thaw(): LeafContent<V>;
}

/** Keys in ascending order, at least one, and the value of each. */
export interface LeafContent<V> {
  readonly keys: string[];
  readonly values: V[];
}

interface Leaf<V> {
  readonly leaf: true;
  /** Both are empty while the leaf is frozen. */
  keys: string[];
  values: V[];
  frozen: FrozenLeaf<V> | undefined;
}

interface Inner<V> {
  readonly leaf: false;
  /** `keys[i]` bounds `children[i + 1]` from below. */
  keys: string[];
  children: Node<V>[];
}

type Node<V> = Leaf<V> | Inner<V>;

/** What a split leaves to the parent: the new right neighbour and the smallest key below it. */
interface Split<V> {
  readonly key: string;
  readonly right: Node<V>;
}

export class BPlusTree<V> {
  #root: Node<V> = leafOf([], []);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): V | undefined {
    let node = this.#root;
    while (!node.leaf) {
      node = node.children[upperBound(node.keys, key)] as Node<V>;
    }
    thaw(node);
    const at = lowerBound(node.keys, key);
    return node.keys[at] === key ? node.values[at] : undefined;
  }

  /**
   * Adds a leaf whose keys are above all others; `firstKey` is the smallest of them. It belongs to the
   * tree from then on.
   */
  appendLeaf(firstKey: string, leaf: FrozenLeaf<V> | LeafContent<V>): void {
    const right = "thaw" in leaf ? leafOf<V>([], [], leaf) : leafOf(leaf.keys, leaf.values);
    if (this.#size === 0) {
      this.#root = right;
    } else {
      this.#grow(appendLeaf(this.#root, { key: firstKey, right }));
    }
    this.#size += nodeSize(right);
  }

  /** Adds or replaces. */
  set(key: string, value: V): void {
    this.#grow(this.#set(this.#root, key, value));
  }

  /** True when the key was there. */
  delete(key: string): boolean {
    const before = this.#size;
    this.#delete(this.#root, key);
    while (!this.#root.leaf && this.#root.children.length === 1) {
      this.#root = this.#root.children[0] as Node<V>;
    }
    return this.#size < before;
  }

  /**
   * Visits keys ≥ `start` and, if `end` is given, < `end`, in order, until `visit` returns false.
   * The tree must not change meanwhile. A frozen leaf with all its keys in range is shown to `passes`
   * first, and left as it is, its keys not visited, if the answer is true.
   */
  visit(
    start: string,
    end: string | undefined,
    visit: (key: string, value: V) => boolean,
    passes?: (leaf: FrozenLeaf<V>) => boolean,
  ): void {
    visitNode(this.#root, { start, end, visit, passes }, false, undefined);
  }

  /** All leaves that hold keys, in order, as they are. The tree must not get or lose keys meanwhile. */
  leaves(): Generator<FrozenLeaf<V> | LeafContent<V>, void> {
    return leavesOf(this.#root);
  }

  #grow(split: Split<V> | undefined): void {
    if (split !== undefined) {
      this.#root = { leaf: false, keys: [split.key], children: [this.#root, split.right] };
    }
  }

  #set(node: Node<V>, key: string, value: V): Split<V> | undefined {
    if (node.leaf) {
      return this.#setInLeaf(node, key, value);
    }
    const at = upperBound(node.keys, key);
    return adopt(node, at, this.#set(node.children[at] as Node<V>, key, value));
  }

  #setInLeaf(leaf: Leaf<V>, key: string, value: V): Split<V> | undefined {
    thaw(leaf);
    const at = lowerBound(leaf.keys, key);
    if (leaf.keys[at] === key) {
      leaf.values[at] = value;
      return undefined;
    }
    this.#size++;
    if (at === leaf.keys.length && at === NODE_SIZE_MAX) {
      return { key, right: leafOf([key], [value]) };
    }
    insertAt(leaf.keys, at, key);
    insertAt(leaf.values, at, value);
    return leaf.keys.length > NODE_SIZE_MAX ? splitLeaf(leaf) : undefined;
  }

  #delete(node: Node<V>, key: string): void {
    if (node.leaf) {
      thaw(node);
      const at = lowerBound(node.keys, key);
      if (node.keys[at] === key) {
        removeAt(node.keys, at);
        removeAt(node.values, at);
        this.#size--;
      }
      return;
    }
    const at = upperBound(node.keys, key);
    this.#delete(node.children[at] as Node<V>, key);
    shrinkChild(node, at);
  }
}

function leafOf<V>(keys: string[], values: V[], frozen?: FrozenLeaf<V>): Leaf<V> {
  return { leaf: true, keys, values, frozen };
}

function thaw<V>(leaf: Leaf<V>): void {
  if (leaf.frozen !== undefined) {
    const { keys, values } = leaf.frozen.thaw();
    leaf.keys = keys;
    leaf.values = values;
    leaf.frozen = undefined;
  }
}

/** Takes in what the child at `at` was split into. */
function adopt<V>(parent: Inner<V>, at: number, split: Split<V> | undefined): Split<V> | undefined {
  if (split === undefined) {
    return undefined;
  }
  insertAt(parent.keys, at, split.key);
  insertAt(parent.children, at + 1, split.right);
  return parent.children.length > NODE_SIZE_MAX ? splitInner(parent) : undefined;
}

function appendLeaf<V>(node: Node<V>, added: Split<V>): Split<V> | undefined {
  if (node.leaf) {
    return added;
  }
  const at = node.children.length - 1;
  return adopt(node, at, appendLeaf(node.children[at] as Node<V>, added));
}

function* leavesOf<V>(node: Node<V>): Generator<FrozenLeaf<V> | LeafContent<V>, void> {
  if (!node.leaf) {
    for (const child of node.children) {
      yield* leavesOf(child);
    }
  } else if (nodeSize(node) > 0) {
    yield node.frozen ?? node;
  }
}

interface Visit<V> {
  readonly start: string;
  readonly end: string | undefined;
  readonly visit: (key: string, value: V) => boolean;
  readonly passes: ((leaf: FrozenLeaf<V>) => boolean) | undefined;
}

/** `isInside`: no key of the node is below the start. All are below `bound`, if there is one. */
function visitNode<V>(
  node: Node<V>,
  visit: Visit<V>,
  isInside: boolean,
  bound: string | undefined,
): boolean {
  if (node.leaf) {
    return visitLeaf(node, visit, isInside, bound);
  }
  const { start, end } = visit;
  const first = isInside ? 0 : upperBound(node.keys, start);
  for (let i = first; i < node.children.length; i++) {
    const isBeyond = end !== undefined && i > first && (node.keys[i - 1] as string) >= end;
    const child = node.children[i] as Node<V>;
    if (isBeyond || !visitNode(child, visit, isInside || i > first, node.keys[i] ?? bound)) {
      return false;
    }
  }
  return true;
}

function visitLeaf<V>(
  node: Leaf<V>,
  { start, end, visit, passes }: Visit<V>,
  isInside: boolean,
  bound: string | undefined,
): boolean {
  const isWhole = isInside && (end === undefined || (bound !== undefined && bound <= end));
  if (node.frozen !== undefined && isWhole && passes?.(node.frozen) === true) {
    return true;
  }
  thaw(node);
  const { keys, values } = node;
  for (let i = lowerBound(keys, start); i < keys.length; i++) {
    const key = keys[i] as string;
    if ((end !== undefined && key >= end) || !visit(key, values[i] as V)) {
      return false;
    }
  }
  return true;
}

function splitLeaf<V>(leaf: Leaf<V>): Split<V> {
  const half = leaf.keys.length >>> 1;
  const right = leafOf(leaf.keys.slice(half), leaf.values.slice(half));
  leaf.keys = leaf.keys.slice(0, half);
  leaf.values = leaf.values.slice(0, half);
  return { key: right.keys[0] as string, right };
}

function splitInner<V>(inner: Inner<V>): Split<V> {
  const half = inner.children.length >>> 1;
  const key = inner.keys[half - 1] as string;
  const right: Inner<V> = {
    leaf: false,
    keys: inner.keys.slice(half),
    children: inner.children.slice(half),
  };
  inner.keys = inner.keys.slice(0, half - 1);
  inner.children = inner.children.slice(0, half);
  return { key, right };
}

function nodeSize<V>(node: Node<V>): number {
  return node.leaf ? (node.frozen?.size ?? node.keys.length) : node.children.length;
}

/** Drops the child at `at` when it is empty; merges it with a neighbour when both are small. */
function shrinkChild<V>(parent: Inner<V>, at: number): void {
  const size = nodeSize(parent.children[at] as Node<V>);
  if (parent.children.length === 1 || size > MERGED_SIZE_MAX) {
    return;
  }
  if (size === 0) {
    removeAt(parent.children, at);
    removeAt(parent.keys, Math.max(at - 1, 0));
    return;
  }
  const left = at > 0 ? at - 1 : at;
  const neighbour = at > 0 ? at - 1 : at + 1;
  if (size + nodeSize(parent.children[neighbour] as Node<V>) <= MERGED_SIZE_MAX) {
    mergeWithRight(parent, left);
  }
}

function mergeWithRight<V>(parent: Inner<V>, at: number): void {
  const left = parent.children[at] as Node<V>;
  const right = parent.children[at + 1] as Node<V>;
  if (left.leaf && right.leaf) {
    thaw(left);
    thaw(right);
    left.keys = left.keys.concat(right.keys);
    left.values = left.values.concat(right.values);
  } else if (!left.leaf && !right.leaf) {
    left.keys = left.keys.concat([parent.keys[at] as string], right.keys);
    left.children = left.children.concat(right.children);
  }
  removeAt(parent.children, at + 1);
  removeAt(parent.keys, at);
}

/** The first position whose key is ≥ `key`. */
function lowerBound(keys: string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** The first position whose key is > `key`. */
function upperBound(keys: string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (key < (keys[middle] as string)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

function insertAt<T>(array: T[], at: number, item: T): void {
  array.push(item);
  for (let i = array.length - 1; i > at; i--) {
    array[i] = array[i - 1] as T;
  }
  array[at] = item;
}

function removeAt<T>(array: T[], at: number): void {
  for (let i = at + 1; i < array.length; i++) {
    array[i - 1] = array[i] as T;
  }
  array.pop();
}
