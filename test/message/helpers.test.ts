import { expect, it } from 'vitest';
import { costOf, PRICES, textOf } from '../../src/index.js';
import { MODEL_ROWS } from '../../src/testing/model/model-rows.js';
import type { Usage } from '../../src/wire/usage.js';

const TOKENS = { input_tokens: 1_000_000, output_tokens: 100_000 };

it.each<[what: string, content: object[], text: string]>([
  [
    'the text of all its blocks',
    [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ],
    'ab',
  ],
  [
    'nothing of thinking and calls',
    [{ type: 'thinking', thinking: 'a' }, { type: 'tool_use' }],
    '',
  ],
  ['nothing of no blocks', [], ''],
])('the text of a message is %s', (_, content, text) => {
  expect(textOf({ content })).toBe(text);
});

it.each<[what: string, usage: Usage, cost: number]>([
  ['input and output', TOKENS, 5 + 2.5],
  ['what was read from the cache', { ...TOKENS, cache_read_input_tokens: 1_000_000 }, 7.5 + 0.5],
  [
    'what was written to it, by its time to live',
    {
      ...TOKENS,
      cache_creation_input_tokens: 3_000_000,
      cache_creation: {
        ephemeral_5m_input_tokens: 2_000_000,
        ephemeral_1h_input_tokens: 1_000_000,
      },
    },
    7.5 + 12.5 + 10,
  ],
  [
    'searches',
    { ...TOKENS, server_tool_use: { web_search_requests: 100, web_fetch_requests: 9 } },
    7.5 + 1,
  ],
  ['half of it in a batch', { ...TOKENS, service_tier: 'batch' }, 3.75],
])('the cost of a message is that of %s', (_, usage, cost) => {
  expect(costOf(usage, PRICES['claude-opus-4-8'])).toBeCloseTo(cost, 10);
});

it('takes other prices, and knows no cost of an unknown model', () => {
  expect(costOf(TOKENS, { input: 1, output: 10, cacheRead: 0 })).toBe(2);
  expect(costOf(TOKENS, PRICES['claude-unknown'])).toBeUndefined();
});

it('has dated prices of models that exist', () => {
  const known = MODEL_ROWS.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
  for (const [model, { date }] of Object.entries(PRICES)) {
    expect(known).toContain(model);
    expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
  }
});
