/**
 * Half-open intervals of strings, each with a value, found by a point in them. An end of undefined is
 * above everything. One value an interval: a second `set` replaces it.
 *
 * A treap ordered by (start, end); each node knows the highest end below it, so a search leaves out
 * subtrees that end before the point: O(log n) for each interval found.
 */
import { Prng } from "./prng.ts";

interface Node<V> {
  readonly start: string;
  readonly end: string | undefined;
  readonly priority: number;
  value: V;
  /** Of this node and all below. */
  endMax: string | undefined;
  left: Node<V> | undefined;
  right: Node<V> | undefined;
}

export class IntervalTree<V> {
  readonly #prng = new Prng(1);
  #root: Node<V> | undefined = undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(start: string, end: string | undefined): V | undefined {
    let node = this.#root;
    while (node !== undefined) {
      const order = compareTo(node, start, end);
      if (order === 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return undefined;
  }

  set(start: string, end: string | undefined, value: V): void {
    this.#root = this.#set(this.#root, start, end, value);
  }

  /** True when the interval was there. */
  delete(start: string, end: string | undefined): boolean {
    const before = this.#size;
    this.#root = this.#delete(this.#root, start, end);
    return this.#size < before;
  }

  /** Visits the values of all intervals that contain `point`, in order of start. */
  stab(point: string, visit: (value: V) => void): void {
    stabNode(this.#root, point, visit);
  }

  #set(node: Node<V> | undefined, start: string, end: string | undefined, value: V): Node<V> {
    if (node === undefined) {
      this.#size++;
      const priority = this.#prng.nextUint32();
      return { start, end, priority, value, endMax: end, left: undefined, right: undefined };
    }
    const order = compareTo(node, start, end);
    if (order === 0) {
      node.value = value;
      return node;
    }
    if (order < 0) {
      node.left = this.#set(node.left, start, end, value);
      return node.left.priority < node.priority ? rotateRight(node, node.left) : updated(node);
    }
    node.right = this.#set(node.right, start, end, value);
    return node.right.priority < node.priority ? rotateLeft(node, node.right) : updated(node);
  }

  #delete(node: Node<V> | undefined, start: string, end: string | undefined): Node<V> | undefined {
    if (node === undefined) {
      return undefined;
    }
    const order = compareTo(node, start, end);
    if (order === 0) {
      this.#size--;
      return merge(node.left, node.right);
    }
    if (order < 0) {
      node.left = this.#delete(node.left, start, end);
    } else {
      node.right = this.#delete(node.right, start, end);
    }
    return updated(node);
  }
}

function stabNode<V>(node: Node<V> | undefined, point: string, visit: (value: V) => void): void {
  if (node === undefined || !isBelowEnd(point, node.endMax)) {
    return;
  }
  stabNode(node.left, point, visit);
  if (node.start <= point) {
    if (isBelowEnd(point, node.end)) {
      visit(node.value);
    }
    stabNode(node.right, point, visit);
  }
}

function isBelowEnd(point: string, end: string | undefined): boolean {
  return end === undefined || point < end;
}

/** Where (start, end) lies, seen from the node. */
function compareTo<V>(node: Node<V>, start: string, end: string | undefined): number {
  if (start !== node.start) {
    return start < node.start ? -1 : 1;
  }
  if (end === node.end) {
    return 0;
  }
  return isLower(end, node.end) ? -1 : 1;
}

function isLower(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && (b === undefined || a < b);
}

function updated<V>(node: Node<V>): Node<V> {
  let endMax = node.end;
  if (node.left !== undefined && isLower(endMax, node.left.endMax)) {
    endMax = node.left.endMax;
  }
  if (node.right !== undefined && isLower(endMax, node.right.endMax)) {
    endMax = node.right.endMax;
  }
  node.endMax = endMax;
  return node;
}

function rotateRight<V>(node: Node<V>, left: Node<V>): Node<V> {
  node.left = left.right;
  left.right = updated(node);
  return updated(left);
}

function rotateLeft<V>(node: Node<V>, right: Node<V>): Node<V> {
  node.right = right.left;
  right.left = updated(node);
  return updated(right);
}

/** All of `left` is below all of `right`. */
function merge<V>(left: Node<V> | undefined, right: Node<V> | undefined): Node<V> | undefined {
  if (left === undefined || right === undefined) {
    return left ?? right;
  }
  if (left.priority < right.priority) {
    left.right = merge(left.right, right);
    return updated(left);
  }
  right.left = merge(left, right.left);
  return updated(right);
}
