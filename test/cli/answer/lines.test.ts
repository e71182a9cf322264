import { describe, expect, it } from 'vitest';
import { closingLine } from '../../../src/cli/answer/closing-line.js';
import { statusText } from '../../../src/cli/answer/status-line.js';
import { visible } from '../../../src/cli/answer/style.js';
import { usageLines } from '../../../src/cli/answer/usage-lines.js';
import type { Message } from '../../../src/wire/message.js';

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
  it.each<[what: string, args: Parameters<typeof closingLine>, line: string]>([
    [
      'all of it',
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
      'nothing that came',
      [undefined, { firstToken: undefined, total: 1234 }, undefined],
      'no answer after 1.23 s',
    ],
  ])('tells %s', (_, args, line) => {
    expect(closingLine(...args)).toBe(line);
  });
});

it.each<[args: Parameters<typeof statusText>, text: string]>([
  [['opus', 0], 'opus · 0.0 s'],
  [['opus', 12_345, 'retry 1 in 0.5 s'], 'opus · 12.3 s · retry 1 in 0.5 s'],
])('the status tells %j', (args, text) => {
  expect(statusText(...args)).toBe(text);
});

describe('the usage', () => {
  it('has every counter, nested ones by their path', () => {
    expect(usageLines(message, [])).toEqual([
      'input_tokens: 10',
      'output_tokens: 300',
      'cache_read_input_tokens: 0',
      'server_tool_use.web_search_requests: 2',
    ]);
  });

  it('has the requests where there were several', () => {
    const received = { blocks: 0, characters: 0 };
    const attempts = [
      { kind: 'request', requestId: 'req_1', outcome: 'failed', error: undefined, received },
      { kind: 'instruct', requestId: undefined, outcome: 'complete', error: undefined, received },
    ] as const;
    expect(usageLines(undefined, attempts)).toEqual([
      'request 1: request, failed, req_1',
      'request 2: instruct, complete',
    ]);
  });
});

it.each([
  ['line ends and tabs', 'a\r\nb\n\tc', 'a\nb\n\tc'],
  ['an escape code', 'a\u001b[2Jb', 'a\ufffd[2Jb'],
  ['one of a single character', '\u009b2J\u0007', '\ufffd2J\ufffd'],
  ['a return that would overwrite', 'a\rb', 'a\ufffdb'],
])('a terminal sees %s', (_, text, shown) => {
  expect(visible(text)).toBe(shown);
});
