import { describe, expect, it } from 'vitest';
import { toClosingLine, toUsageLines } from '../../../src/cli/answer/summary.js';
import type { Message } from '../../../src/index.js';

const message = {
  model: 'claude-opus-4-8',
  stop_reason: 'end_turn',
  usage: {
    input_tokens: 10,
    output_tokens: 300,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: null,
    server_tool_use: { web_search_requests: 2 },
  },
} as unknown as Message;

const cut: Message = { ...message, stop_reason: null };
const cached: Message = { ...message, usage: { ...message.usage, cache_read_input_tokens: 7 } };

describe('the closing line', () => {
  it.each<[what: string, args: Parameters<typeof toClosingLine>, line: string]>([
    [
      'all parts',
      [message, { firstToken: 500, total: 3500 }, 'req_1'],
      'claude-opus-4-8 · 10 tokens in, 300 out · first token after 0.50 s · 100 tokens/s · end_turn · req_1',
    ],
    [
      'cached tokens',
      [cached, { firstToken: 500, total: 550 }, 'req_1'],
      'claude-opus-4-8 · 10 tokens in (7 cached), 300 out · first token after 0.50 s · end_turn · req_1',
    ],
    [
      'a cut answer without content',
      [cut, { firstToken: undefined, total: 50 }, undefined],
      'claude-opus-4-8 · 10 tokens in, 300 out · cut off',
    ],
    [
      'no message',
      [undefined, { firstToken: undefined, total: 1234 }, undefined],
      'no answer after 1.23 s',
    ],
  ])('has %s', (_, args, line) => {
    expect(toClosingLine(...args)).toBe(line);
  });
});

const odd = (fields: object): Message => ({ ...message, ...fields }) as unknown as Message;
const UNPRINTABLE = { toString: 1, valueOf: null };

it.each([
  [
    'objects',
    odd({ model: UNPRINTABLE, stop_reason: [UNPRINTABLE], usage: { input_tokens: UNPRINTABLE } }),
  ],
  ['lists', odd({ model: [1], stop_reason: {}, usage: [] })],
  ['a text', odd({ usage: 'x'.repeat(5_000) })],
  ['nothing', odd({ model: undefined, stop_reason: undefined, usage: {} })],
  [
    'megabytes',
    odd({ model: 'm'.repeat(5_000_000), usage: { output_tokens: 's'.repeat(5_000_000) } }),
  ],
])('shows what no message has: %s', (_, sent) => {
  const line = toClosingLine(sent, { firstToken: 1, total: 500 }, 'req_1');
  expect(line).toMatch(/ tokens in.* · .*req_1$/);
  expect([line, ...toUsageLines(sent, [])].join('').length).toBeLessThan(1_500);
});

describe('the usage', () => {
  it('is cut where a server sends more counters, and longer names, than fit into memory', () => {
    const counters = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`c${at}`, at]));
    const lines = toUsageLines(odd({ usage: { ['n'.repeat(1_000_000)]: counters } }), []);
    expect(lines).toHaveLength(201);
    expect(lines.at(-1)).toBe('…');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(300);
  });

  it('lists every counter, nested ones by their path', () => {
    expect(toUsageLines(message, [])).toEqual([
      'input_tokens: 10',
      'output_tokens: 300',
      'cache_read_input_tokens: 0',
      'server_tool_use.web_search_requests: 2',
    ]);
  });

  it('lists the requests if there were several', () => {
    const received = { blocks: 0, characters: 0 };
    const attempts = [
      { kind: 'request', requestId: 'req_1', outcome: 'failed', error: undefined, received },
      { kind: 'instruct', requestId: undefined, outcome: 'complete', error: undefined, received },
    ] as const;
    expect(toUsageLines(undefined, attempts)).toEqual([
      'request 1: request, failed, req_1',
      'request 2: instruct, complete',
    ]);
  });
});
