/**
 * Ids for proposals and read rounds, unique in the cluster and over restarts: 16 bits of the member
 * id, 40 bits that start at the milliseconds of the start, 8 bits of counter that carry into them
 * (etcd's idutil). A member would have to hand out 256 ids a millisecond, for its whole life, to
 * reach ids that its next life starts from.
 */
const LOW_BITS = 48n;
const COUNTER_BITS = 8n;
const SUFFIXES = 2 ** 48;

export class RequestIds {
  readonly #prefix: bigint;
  /** A number, as increments of one are several times cheaper than a bigint's. */
  #suffix: number;

  constructor(memberId: bigint, startWallMs: number) {
    this.#prefix = BigInt.asUintN(16, memberId) << LOW_BITS;
    const milliseconds = BigInt.asUintN(40, BigInt(Math.trunc(startWallMs)));
    this.#suffix = Number(BigInt.asUintN(48, milliseconds << COUNTER_BITS));
  }

  next(): bigint {
    this.#suffix = (this.#suffix + 1) % SUFFIXES;
    return this.#prefix | BigInt(this.#suffix);
  }
}
