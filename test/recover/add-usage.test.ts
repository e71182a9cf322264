import { expect, it } from 'vitest';
import { addUsage } from '../../src/stream/recover/add-usage.js';

it.each<[what: string, earlier: unknown, later: unknown, sum: unknown]>([
  [
    'counters add up',
    { input_tokens: 10, output_tokens: 1 },
    { input_tokens: 12, output_tokens: 7 },
    { input_tokens: 22, output_tokens: 8 },
  ],
  ['one that only the earlier has stays', { a: 1 }, {}, { a: 1 }],
  ['one that only the later has comes in', {}, { a: 1 }, { a: 1 }],
  ['null is nothing, in the earlier', { a: null }, { a: 1 }, { a: 1 }],
  ['null is nothing, in the later', { a: 1 }, { a: null }, { a: 1 }],
  ['null twice stays null', { a: null }, { a: null }, { a: null }],
  [
    'nested tables',
    { s: { searches: 1 } },
    { s: { searches: 2, fetches: 1 } },
    { s: { searches: 3, fetches: 1 } },
  ],
  [
    'words are those of the later',
    { service_tier: 'standard' },
    { service_tier: 'batch' },
    { service_tier: 'batch' },
  ],
  ['lists follow each other', { iterations: [1] }, { iterations: [2] }, { iterations: [1, 2] }],
  ['nothing before', undefined, { a: 1 }, { a: 1 }],
  ['nothing after', { a: 1 }, undefined, { a: 1 }],
])('%s', (_, earlier, later, sum) => {
  const before = structuredClone([earlier, later]);
  expect(addUsage(earlier, later)).toEqual(sum);
  expect([earlier, later]).toEqual(before);
});
