import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { OverloadedError, RateLimitError } from '../../src/errors.js';
import { createEmulator, reply } from '../../src/testing/index.js';
import { ask, eventsIn, PARAMS, rejection } from './ask.js';

describe('reply.error', () => {
  const CASES: [given: string | number, status: number, type: string, message: string][] = [
    ['overloaded_error', 529, 'overloaded_error', 'Overloaded'],
    [529, 529, 'overloaded_error', 'Overloaded'],
    ['not_found_error', 404, 'not_found_error', 'Not found'],
    [422, 422, 'invalid_request_error', 'Invalid request'],
    [418, 418, 'invalid_request_error', 'Invalid request'],
    [503, 503, 'api_error', 'Internal server error'],
    ['brand_new_error', 500, 'brand_new_error', 'brand_new_error'],
  ];

  it.each(CASES)('of %j is a response, streamed or not', async (given, status, type, message) => {
    for (const stream of [true, false]) {
      const response = await ask(createEmulator({ replies: [reply.error(given)] }), { stream });
      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({
        type: 'error',
        error: { type, message },
        request_id: response.headers.get('request-id'),
      });
    }
  });

  it('has its message and headers', async () => {
    const error = reply.error(429, 'Not so fast', { headers: { 'retry-after': '7' } });
    const client = new Anthropic({
      fetch: createEmulator({ replies: [error] }).fetch,
      apiKey: 'test',
      maxRetries: 0,
    });
    const thrown = (await rejection(client.messages.create(PARAMS))) as RateLimitError;
    expect(thrown).toBeInstanceOf(RateLimitError);
    expect(thrown.reason).toContain('Not so fast');
    expect(thrown.headers?.get('retry-after')).toBe('7');
    expect(thrown.requestId).toMatch(/^req_01\d{22}$/);
  });

  it('is a response if it is alone in a sequence', async () => {
    const emulator = createEmulator({ replies: [reply.sequence(reply.error(529))] });
    expect((await ask(emulator)).status).toBe(529);
  });
});

describe('reply.error at the end of a sequence', () => {
  const broken = reply.sequence(
    reply.text('Half an'),
    reply.text(' answer'),
    reply.error('overloaded_error'),
  );

  it('breaks the stream off in its last block', async () => {
    const response = await ask(createEmulator({ replies: [broken] }));
    expect(response.status).toBe(200);
    const events = await eventsIn(response);
    expect(events.slice(-3)).toEqual([
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: ' answer' } },
      {
        type: 'error',
        error: { type: 'overloaded_error', message: 'Overloaded' },
        request_id: response.headers.get('request-id'),
      },
    ]);
  });

  it('reaches the client with the content before it', async () => {
    const { fetch } = createEmulator({ replies: [broken] });
    const client = new Anthropic({ fetch, apiKey: 'test' });
    const stream = client.messages.stream(PARAMS);
    const thrown = await rejection(stream.getFinalMessage());
    expect(thrown).toBeInstanceOf(OverloadedError);
    expect(stream.currentMessageSnapshot?.content).toEqual([
      { type: 'text', text: 'Half an' },
      { type: 'text', text: ' answer' },
    ]);
  });

  it('is a response to a request without a stream', async () => {
    const response = await ask(createEmulator({ replies: [broken] }), { stream: false });
    expect(response.status).toBe(529);
    expect((await response.json()).error.type).toBe('overloaded_error');
  });
});

describe('misuse throws an error that says what to write', () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;

  const CASES: [name: string, misuse: () => unknown, message: RegExp][] = [
    ["a status that isn't an error", () => reply.error(200), /pass 400 to 599/],
    ['half a status', () => reply.error(404.5), /pass 400 to 599/],
    [
      "input that isn't JSON",
      () => reply.toolUse('t', circular),
      /reply\.toolUse\('t', input\) needs/,
    ],
    [
      'more after an error',
      () => reply.sequence(reply.error(529), reply.text('')),
      /the last part/,
    ],
    [
      'more after a broken sequence',
      () => reply.sequence(reply.sequence(reply.text(''), reply.error(529)), reply.text('')),
      /the last part/,
    ],
    [
      'a whole reply in a sequence',
      () => reply.sequence(reply.events([]) as never),
      /can't contain reply\.events\(\)/,
    ],
    ['no replies', () => createEmulator({} as never), /createEmulator\(\{ replies: \[/],
  ];

  it.each(CASES)('%s', (_name, misuse, message) => {
    expect(misuse).toThrow(TypeError);
    expect(misuse).toThrow(message);
  });
});
