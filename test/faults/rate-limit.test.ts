import { describe, expect, it } from 'vitest';
import type { APIError } from '../../src/errors.js';
import { errorEvent, messageStart, sse, textMessage } from '../contract/wire.js';
import { clientOf, failure, PARAMS } from '../stream/support.js';
import { rawServer } from '../support/raw-server.js';

const NONE = {
  requests: undefined,
  tokens: undefined,
  inputTokens: undefined,
  outputTokens: undefined,
  retryAfter: undefined,
};
const RESET = '2026-11-21T12:00:00Z';

/** Headers, and what is read from them; undefined for nothing. */
const cases: Readonly<Record<string, [headers: Record<string, string>, limits?: object]>> = {
  'no headers': [{}],
  'other headers': [{ 'x-ratelimit-limit': '5', 'anthropic-ratelimit-other-limit': '5' }],
  requests: [windowOf('requests', '50', '49', RESET), { requests: read(50, 49) }],
  tokens: [windowOf('tokens', '40000', '39000', RESET), { tokens: read(40_000, 39_000) }],
  'input tokens': [windowOf('input-tokens', '9', '0', RESET), { inputTokens: read(9, 0) }],
  'output tokens': [windowOf('output-tokens', '9', '8', RESET), { outputTokens: read(9, 8) }],
  'all of them': [
    {
      ...windowOf('requests', '1', '2', RESET),
      ...windowOf('tokens', '3', '4', RESET),
      ...windowOf('input-tokens', '5', '6', RESET),
      ...windowOf('output-tokens', '7', '8', RESET),
      'retry-after': '9',
    },
    {
      requests: read(1, 2),
      tokens: read(3, 4),
      inputTokens: read(5, 6),
      outputTokens: read(7, 8),
      retryAfter: 9_000,
    },
  ],
  'without a reset': [
    { 'anthropic-ratelimit-tokens-limit': '5', 'anthropic-ratelimit-tokens-remaining': '4' },
    { tokens: { limit: 5, remaining: 4, reset: undefined } },
  ],
  'a reset that is no date': [
    windowOf('tokens', '5', '4', 'soon'),
    { tokens: { limit: 5, remaining: 4, reset: undefined } },
  ],
  'without what remains': [{ 'anthropic-ratelimit-tokens-limit': '5' }],
  'words for numbers': [windowOf('tokens', 'many', 'some', RESET)],
  'retry-after in seconds': [{ 'retry-after': '0.5' }, { retryAfter: 500 }],
  'retry-after in milliseconds': [{ 'retry-after-ms': '70' }, { retryAfter: 70 }],
  'both: milliseconds count': [{ 'retry-after': '9', 'retry-after-ms': '70' }, { retryAfter: 70 }],
  'retry-after of none': [{ 'retry-after': '0' }, { retryAfter: 0 }],
  'retry-after as a date gone by': [
    { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' },
    { retryAfter: 0 },
  ],
  'retry-after as a word': [{ 'retry-after': 'later' }],
};

function windowOf(name: string, limit: string, remaining: string, reset: string) {
  const prefix = `anthropic-ratelimit-${name}`;
  return {
    [`${prefix}-limit`]: limit,
    [`${prefix}-remaining`]: remaining,
    [`${prefix}-reset`]: reset,
  };
}

function read(limit: number, remaining: number): object {
  return { limit, remaining, reset: new Date(RESET) };
}

describe.each(Object.entries(cases))('%s', (_, [headers, limits]) => {
  const expected = limits && { ...NONE, ...limits };

  it('on a stream', async () => {
    await using server = await rawServer({ headers, body: [sse(...textMessage('Hello'))] });
    const stream = clientOf(server).messages.stream(PARAMS);
    expect(stream.rateLimit).toBeUndefined();
    await stream.connect();
    expect(stream.rateLimit).toEqual(expected);
    await stream.untilDone();
    expect(stream.rateLimit).toEqual(expected);
  });

  it.each<[string, number, string]>([
    ['of a status', 429, JSON.stringify(errorEvent('rate_limit_error'))],
    ['of an error event', 200, sse(messageStart(), errorEvent('rate_limit_error'))],
  ])('on an error %s', async (_, status, body) => {
    await using server = await rawServer({ status, headers, body: [body] });
    const error = (await failure(clientOf(server).messages.stream(PARAMS).untilDone())) as APIError;
    expect(error.name).toBe('RateLimitError');
    expect(error.rateLimit).toEqual(expected);
  });
});

it('an error without a response tells of no limits', async () => {
  await using server = await rawServer({ status: 'none', end: 'reset' });
  const stream = clientOf(server).messages.stream(PARAMS);
  const error = (await failure(stream.untilDone())) as APIError;
  expect(error.rateLimit).toBeUndefined();
  expect(stream.rateLimit).toBeUndefined();
});

it('of several responses the latest counts', async () => {
  await using server = await rawServer([
    {
      headers: { ...windowOf('requests', '5', '4', RESET), 'retry-after-ms': '1' },
      body: [sse(errorEvent('overloaded_error'))],
    },
    { headers: windowOf('requests', '5', '3', RESET), body: [sse(...textMessage('Hello'))] },
  ]);
  const stream = clientOf(server, { maxRetries: 1 }).messages.stream(PARAMS);
  await stream.untilDone();
  expect(stream.rateLimit).toEqual({ ...NONE, requests: read(5, 3) });
});
