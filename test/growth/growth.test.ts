import { describe, expect, it } from 'vitest';
import { byTier } from '../support/tier.js';
import { type Dimension, setSize } from './dimension.js';
import { DIMENSIONS } from './dimensions.js';

const GROWTH = 16;

/**
 * What growing 16 times may cost, in times of the small run: linear work takes 16, with the collection of
 * garbage and caches that are too small some more; quadratic work takes 256.
 */
const MOST = 64;

/** In the fast tier everything is smaller: there, copying references n times is too cheap to show. */
const SCALE = byTier({ fast: 0.5, exhaustive: 8 });

describe(`what grows ${GROWTH} times costs less than ${MOST} times as much`, () => {
  it.each(DIMENSIONS.map((dimension) => [dimension.what, dimension] as const))(
    '%s',
    async (_, dimension) => {
      const size = Math.max(8, Math.round(dimension.size * SCALE));
      // The first run compiles; a neighbour on the machine can disturb one run, not all of them.
      await timeOf(dimension, size);
      let least = Infinity;
      for (let run = 0; run < 4 && least >= MOST; run++) {
        const small = Math.max(
          0.3,
          Math.min(await timeOf(dimension, size), await timeOf(dimension, size)),
        );
        least = Math.min(least, (await timeOf(dimension, size * GROWTH)) / small);
      }
      expect(least).toBeLessThan(MOST);
    },
  );
});

/** The CPU time of one run, in milliseconds. */
async function timeOf({ prepare }: Dimension, size: number): Promise<number> {
  setSize(size);
  const run = prepare(size);
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
