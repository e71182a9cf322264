import { expect, it } from 'vitest';
import * as millrace from '../../src/index.js';
import { byTier } from '../support/tier.js';
import { consumersOf } from './consume.mjs';
import { hostile } from './grammar.mjs';
import { Random } from './random.mjs';

const SEED = Number(process.env.MILLRACE_FUZZ_SEED ?? 20_261_128);
const RUNS = byTier({ fast: 500, exhaustive: 5_000 });
const MOST_BYTES = byTier({ fast: 20_000, exhaustive: 400_000 });

it(`${RUNS} streams of a hostile grammar end in a message or one of our errors`, async () => {
  const consume = consumersOf(millrace);
  const ends: Record<string, number> = {};
  for (let run = 0; run < RUNS; run++) {
    const random = new Random(SEED + run * 7_919);
    const bytes = Math.floor(100 * (MOST_BYTES / 100) ** random.next());
    const error = await consume(random, hostile(random, bytes)).catch((error: unknown) => error);
    if (error !== undefined && !(error instanceof millrace.AnthropicError)) {
      throw new Error(`run ${run} of MILLRACE_FUZZ_SEED=${SEED}`, { cause: error });
    }
    const end = error === undefined ? 'complete' : error.name;
    ends[end] = (ends[end] ?? 0) + 1;
  }
  // Each of them must be common, or this tests little.
  for (const end of ['complete', 'StreamTruncatedError', 'StreamProtocolError']) {
    expect(ends[end], end).toBeGreaterThan(RUNS / 20);
  }
}, 900_000);
