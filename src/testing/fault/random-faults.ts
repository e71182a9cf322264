import type { Fault } from '../model/fault.js';
import { createRandom } from '../model/random.js';
import { FAULTS } from './fault.js';
import type { Draw } from './fault-row.js';

export interface RandomFaultsOptions {
  /** The share of answers with a fault, from 0 to 1. Default 0.5. */
  rate?: number;
  /** The kinds to draw from: each creates a fault. Default: all that end by themselves. */
  kinds?: readonly ((draw: Draw) => Fault)[];
}

const ALL: readonly ((draw: Draw) => Fault)[] = Object.values(FAULTS).flatMap(
  ({ draws = [] }) => draws,
);

/**
 * A plan for soak tests: the fault of the n-th answer. It depends only on the seed and n, not on
 * earlier calls. No default kind hangs, so a client needs no timeout.
 */
export function randomFaults(
  seed: number,
  { rate = 0.5, kinds = ALL }: RandomFaultsOptions = {},
): (number: number) => readonly Fault[] {
  return (number) => {
    const next = createRandom(Math.imul(seed, 2_654_435_761) + number);
    const draw: Draw = (n) => Math.floor(next() * n);
    if (next() >= rate) return [];
    const kind = kinds[draw(kinds.length)];
    return kind === undefined ? [] : [kind(draw)];
  };
}
