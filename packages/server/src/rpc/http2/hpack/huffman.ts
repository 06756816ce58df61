/**
 * The Huffman code of RFC 7541, appendix B. It is canonical, so the lengths alone define it: codes are
 * counted up in the order of length, then symbol.
 *
 * Decoding walks the code's tree four bits at a time, by a table made when the module loads: a row for
 * each inner node, 16 entries in a row. No code is shorter than five bits, so an entry emits at most
 * one symbol.
 */

// prettier-ignore
const LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
  28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5,
  6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6,
  7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23,
  23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22,
  22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22,
  23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27,
  27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25,
  24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];
const END_OF_STRING = 256;
/** Padding is at most seven ones. */
const PADDING_BITS_MAX = 7;

/** Of a table entry: the next node in the low bits, then flags, then the symbol. */
const NODE_MASK = 0x1ff;
const EMITS = 0x200;
const FAILS = 0x400;
const SYMBOL_SHIFT = 16;

function canonicalCodes(): Uint32Array {
  const codes = new Uint32Array(LENGTHS.length);
  const symbols = [...LENGTHS.keys()].sort((a, b) => LENGTHS[a]! - LENGTHS[b]! || a - b);
  let code = 0;
  let length = LENGTHS[symbols[0]!]!;
  for (const symbol of symbols) {
    code = code * 2 ** (LENGTHS[symbol]! - length);
    length = LENGTHS[symbol]!;
    codes[symbol] = code;
    code += 1;
  }
  return codes;
}

/** Children of inner nodes, two each: an inner node, or a symbol as its complement. */
function buildTree(codes: Uint32Array): number[] {
  const tree = [0, 0];
  for (const [symbol, length] of LENGTHS.entries()) {
    let node = 0;
    for (let bit = length - 1; bit > 0; bit--) {
      const at = 2 * node + ((codes[symbol]! >>> bit) & 1);
      if (tree[at] === 0) {
        tree[at] = tree.length / 2;
        tree.push(0, 0);
      }
      node = tree[at]!;
    }
    tree[2 * node + (codes[symbol]! & 1)] = ~symbol;
  }
  return tree;
}

function walk(tree: readonly number[], from: number, nibble: number): number {
  let node = from;
  let entry = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const child = tree[2 * node + ((nibble >>> bit) & 1)]!;
    if (child === ~END_OF_STRING) return FAILS;
    if (child < 0) entry = EMITS | (~child << SYMBOL_SHIFT);
    node = child < 0 ? 0 : child;
  }
  return entry | node;
}

function buildTable(tree: readonly number[]): Int32Array {
  const nodes = tree.length / 2;
  const table = new Int32Array(nodes * 16);
  for (let node = 0; node < nodes; node++) {
    for (let nibble = 0; nibble < 16; nibble++) {
      table[node * 16 + nibble] = walk(tree, node, nibble);
    }
  }
  return table;
}

/** Nodes where a string may end: at most seven ones below the root. */
function buildAccepting(tree: readonly number[]): Uint8Array {
  const accepting = new Uint8Array(tree.length / 2);
  let node = 0;
  for (let depth = 0; depth <= PADDING_BITS_MAX; depth++) {
    accepting[node] = 1;
    node = tree[2 * node + 1]!;
  }
  return accepting;
}

const CODES = canonicalCodes();
const TREE = buildTree(CODES);
const TABLE = buildTable(TREE);
const ACCEPTING = buildAccepting(TREE);

const SHORT_BYTES_MAX = 256;
/** For short strings, which are nearly all; never held across a call. */
const scratch = Buffer.allocUnsafeSlow(2 * SHORT_BYTES_MAX);

/** The string in `bytes[start, end)`, a character for each byte; `undefined` if it is malformed. */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number): string | undefined {
  const short = end - start <= SHORT_BYTES_MAX;
  const output = short ? scratch : Buffer.allocUnsafe(Math.ceil(((end - start) * 8) / 5));
  let length = 0;
  let node = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    const high = TABLE[node * 16 + (byte >>> 4)]!;
    if ((high & EMITS) !== 0) output[length++] = high >>> SYMBOL_SHIFT;
    const low = TABLE[(high & NODE_MASK) * 16 + (byte & 15)]!;
    if ((low & EMITS) !== 0) output[length++] = low >>> SYMBOL_SHIFT;
    if (((high | low) & FAILS) !== 0) return undefined;
    node = low & NODE_MASK;
  }
  return ACCEPTING[node] === 1 ? output.toString("latin1", 0, length) : undefined;
}

/** Bytes that `encodeHuffman` makes of `text`. */
export function huffmanLength(text: Uint8Array): number {
  let bits = 0;
  for (const byte of text) bits += LENGTHS[byte]!;
  return Math.ceil(bits / 8);
}

export function encodeHuffman(text: Uint8Array): Buffer {
  const output = Buffer.alloc(huffmanLength(text));
  let at = 0;
  let pending = 0;
  let bits = 0;
  for (const byte of text) {
    for (let bit = LENGTHS[byte]! - 1; bit >= 0; bit--) {
      pending = (pending << 1) | ((CODES[byte]! >>> bit) & 1);
      bits += 1;
      if (bits < 8) continue;
      output[at++] = pending;
      pending = 0;
      bits = 0;
    }
  }
  if (bits > 0) output[at] = (pending << (8 - bits)) | (0xff >>> bits);
  return output;
}
