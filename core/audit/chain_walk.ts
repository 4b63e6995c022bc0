import { type ChainRow, GENESIS, hashRow } from "./chain.ts";

/** The first thing that is wrong with a chain. */
export interface ChainProblem {
  /** Sequence of the first row that is missing, changed or out of place. */
  seq: string;
  reason: string;
}

export interface ChainPlace {
  /** "0" before the first row. */
  seq: string;
  hash: string;
}

export const CHAIN_START: ChainPlace = { seq: "0", hash: GENESIS };

/**
 * Follows a chain row by row, in the order of its sequence. With `hasGaps` (a filtered export) rows may
 * be absent; then only neighbours prove each other.
 */
export class ChainWalk {
  #place: ChainPlace;

  constructor(
    readonly tenantId: string,
    start: ChainPlace = CHAIN_START,
    readonly hasGaps = false,
  ) {
    this.#place = start;
  }

  /** The last row that held. */
  get place(): ChainPlace {
    return this.#place;
  }

  step(row: ChainRow & { hash: string }): ChainProblem | undefined {
    const before = BigInt(this.#place.seq);
    const seq = BigInt(row.seq);
    const isNext = seq === before + 1n;
    if (row.tenantId !== this.tenantId) {
      return { seq: row.seq, reason: "it belongs to another tenant's chain" };
    }
    if (seq <= before) {
      return { seq: row.seq, reason: `it stands after row ${before}: moved or inserted` };
    }
    if (!isNext && !this.hasGaps) {
      const last = seq - 1n;
      const which = last === before + 1n ? `row ${last} is` : `rows ${before + 1n} to ${last} are`;
      return { seq: `${before + 1n}`, reason: `${which} missing or out of place` };
    }
    if (hashRow(row) !== row.hash) {
      return { seq: row.seq, reason: "it was changed: its columns do not give its hash" };
    }
    if (isNext && row.prevHash !== this.#place.hash) {
      return {
        seq: row.seq,
        reason: `it does not follow from row ${before}: one of the two is not the one recorded`,
      };
    }
    this.#place = { seq: row.seq, hash: row.hash };
    return undefined;
  }
}
