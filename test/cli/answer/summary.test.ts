import { describe, expect, it } from 'vitest';
import { Meter, toClosingLine, toUsageLines } from '../../../src/cli/answer/summary.js';
import type { Message, MessageStreamEvent } from '../../../src/index.js';

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

const measured = { firstToken: 500, total: 3500, characters: 1200, isCounted: true };

describe('the closing line', () => {
  it.each<[what: string, args: Parameters<typeof toClosingLine>, line: string]>([
    [
      'all parts',
      [message, measured],
      'claude-opus-4-8 · 10 tokens in, 300 out · 0.50 s, then 100 tokens/s · end_turn',
    ],
    [
      'cached tokens',
      [cached, { ...measured, total: 550 }],
      'claude-opus-4-8 · 10 tokens in (7 cached), 300 out · 0.50 s · end_turn',
    ],
    [
      'no end_turn where it does not fit',
      [cached, measured],
      'claude-opus-4-8 · 10 tokens in (7 cached), 300 out · 0.50 s, then 100 tokens/s',
    ],
    [
      'no speed where any other stop reason does not fit',
      [{ ...cached, stop_reason: 'max_tokens' }, measured],
      'claude-opus-4-8 · 10 tokens in (7 cached), 300 out · 0.50 s · max_tokens',
    ],
    ['less on a narrow terminal', [message, measured, 40], '10 tokens in, 300 out · end_turn'],
    ['only the end on a very narrow one', [message, measured, 12], 'end_turn'],
    [
      'characters in place of placeholders where the answer was cut',
      [cut, { ...measured, isCounted: false }],
      'claude-opus-4-8 · 1200 characters received · 0.50 s · cut off',
    ],
    [
      'a cut answer without content',
      [cut, { ...measured, firstToken: undefined, characters: 0, isCounted: false }],
      'claude-opus-4-8 · 0 characters received · cut off',
    ],
    [
      'no message',
      [undefined, { ...measured, firstToken: undefined, total: 1234 }],
      'no answer after 1.23 s',
    ],
  ])('has %s', (_, args, line) => {
    expect(toClosingLine(...args)).toBe(line);
  });

  it.each([20, 40, 60, 80, 200])('fits %i columns and 80', (columns) => {
    const model = 'a-model-with-a-long-name-and-a-date-20261128';
    const usage = { ...message.usage, input_tokens: 1_000_000, output_tokens: 128_000 };
    const line = toClosingLine({ ...cached, usage, model }, measured, columns);
    expect(line.length).toBeLessThanOrEqual(Math.min(columns, 80));
  });
});

describe('a meter', () => {
  const event = (fields: object) => fields as unknown as MessageStreamEvent;
  const delta = (fields: object) => event({ type: 'content_block_delta', index: 0, delta: fields });

  it('counts characters, and knows whether totals have arrived', () => {
    const meter = new Meter();
    meter.see(event({ type: 'message_start', message }));
    expect(meter.measured).toMatchObject({ firstToken: undefined, characters: 0 });
    meter.see(delta({ type: 'thinking_delta', thinking: 'ab' }));
    meter.see(delta({ type: 'text_delta', text: 'cde' }));
    meter.see(delta({ type: 'input_json_delta', partial_json: '{' }));
    meter.see(event({ type: 'message_delta', delta: {}, usage: undefined }));
    expect(meter.measured).toMatchObject({ characters: 6, isCounted: false });
    meter.see(event({ type: 'message_delta', delta: {}, usage: { output_tokens: 3 } }));
    expect(meter.measured.isCounted).toBe(true);
    expect(meter.measured.firstToken).toBeGreaterThan(0);
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
  const line = toClosingLine(sent, measured);
  expect(line.length).toBeLessThanOrEqual(80);
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

  it('says that the counters of a cut answer are placeholders', () => {
    expect(toUsageLines(cut, [], false)[0]).toMatch(/these are placeholders:$/);
  });

  it('ends with the request id', () => {
    const received = { blocks: 0, characters: 0 };
    const attempt = { outcome: 'complete', error: undefined, received } as const;
    expect(toUsageLines(undefined, [{ ...attempt, kind: 'request', requestId: 'req_1' }])).toEqual([
      'request_id: req_1',
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
