/** Numbers that look random and follow from a seed. */
export class Random {
  constructor(seed: number);
  /** From 0 to 1, 1 excluded. */
  next(): number;
  /** A whole number from 0 to `most`. */
  upTo(most: number): number;
  chance(probability: number): boolean;
  of<T>(items: readonly T[]): T;
}
