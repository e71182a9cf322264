import { inject } from 'vitest';
import { seamsOf } from './seams.js';

type Tier = 'fast' | 'exhaustive';

declare module 'vitest' {
  export interface ProvidedContext {
    tier: Tier;
  }
}

/** What a test takes in the tier that runs it, such as a number of runs. */
export function byTier<T>(values: Readonly<Record<Tier, T>>): T {
  return values[inject('tier')];
}

/** Where a test cuts some bytes: at each of them in the exhaustive tier, at the seams in the fast one. */
export function cutsOf(bytes: Uint8Array): readonly number[] {
  const every = (): number[] => Array.from({ length: bytes.length + 1 }, (_, offset) => offset);
  return byTier({ fast: seamsOf, exhaustive: every })(bytes);
}
