import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type AnthropicError,
  APIConnectionError,
  APITimeoutError,
  APIUserAbortError,
  BadRequestError,
  InternalServerError,
  RateLimitError,
  StreamProtocolError,
} from '../../src/errors.js';
import { retryAfter } from '../../src/rate-limit.js';
import { retryDelay } from '../../src/retry-policy.js';
import { type RetryInfo, withRetries } from '../../src/transport/retry.js';

const NOW = Date.UTC(2026, 10, 21, 8, 0, 0);

describe('what the server asks for, in milliseconds', () => {
  const cases: readonly [headers: Record<string, string>, ms: number | undefined][] = [
    [{}, undefined],
    [{ 'retry-after-ms': '1500' }, 1_500],
    [{ 'retry-after-ms': '1500.5' }, 1_500.5],
    [{ 'retry-after-ms': '0' }, 0],
    [{ 'retry-after-ms': '20', 'retry-after': '7' }, 20],
    [{ 'retry-after-ms': 'soon', 'retry-after': '7' }, 7_000],
    [{ 'retry-after-ms': '-5', 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '0.25' }, 250],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '3600' }, 3_600_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 08:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Saturday, 21-Nov-26 08:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 07:59:00 GMT' }, 0],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': 'in 5 seconds' }, undefined],
    [{ 'retry-after': 'try in 5' }, undefined],
    [{ 'retry-after': '5s' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'NaN' }, undefined],
  ];
  it.each(cases)('%j: %s', (headers, ms) => {
    expect(retryAfter(new Headers(headers), NOW)).toBe(ms);
  });

  it('nothing without headers', () => {
    expect(retryAfter(undefined, NOW)).toBeUndefined();
  });
});

describe('how long to wait', () => {
  const backoff: readonly [retries: number, random: number, ms: number][] = [
    [0, 0, 500],
    [1, 0, 1_000],
    [2, 0, 2_000],
    [3, 0, 4_000],
    [4, 0, 8_000],
    [5, 0, 8_000],
    [2_000, 0, 8_000],
    [0, 1, 375],
    [0, 0.5, 437.5],
    [9, 1, 6_000],
  ];
  it.each(backoff)('retry %i with random %d: %d ms', (retries, random, ms) => {
    expect(retryDelay(undefined, retries, random, NOW)).toBe(ms);
    expect(retryDelay(new Headers({ 'retry-after': 'soon' }), retries, random, NOW)).toBe(ms);
  });

  const asked: readonly [header: string, ms: number][] = [
    ['7', 7_000],
    ['0', 0],
    ['60', 60_000],
    ['61', 60_000],
    ['3600', 60_000],
    ['Infinity', 60_000],
    ['Sun, 21 Nov 2027 08:00:00 GMT', 60_000],
  ];
  it.each(asked)('retry-after %s: %d ms, without jitter', (header, ms) => {
    expect(retryDelay(new Headers({ 'retry-after': header }), 3, 1, NOW)).toBe(ms);
  });
});

describe('withRetries', () => {
  afterEach(() => void vi.restoreAllMocks());

  /** Runs work that fails with the errors, one after the other, and then succeeds. */
  async function run(errors: unknown[], maxRetries: number, pause = async (_: number) => {}) {
    const told: RetryInfo[] = [];
    const pauses: number[] = [];
    let tries = 0;
    const work = async (): Promise<string> => {
      const error = errors[tries++];
      if (error !== undefined) throw error;
      return 'done';
    };
    const policy = {
      maxRetries,
      pause: (ms: number) => {
        pauses.push(ms);
        return pause(ms);
      },
      onRetry: (info: RetryInfo) => void told.push(info),
    };
    const outcome = await withRetries(work, policy).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    return { outcome, tries, told, pauses };
  }

  const lost = new APIConnectionError('reset');
  const limited = new RateLimitError('slow', {
    status: 429,
    headers: new Headers({ 'retry-after-ms': '70' }),
  });
  const server = new InternalServerError('oops', { status: 500 });

  it('tries again until it works, tells why, and waits as long as it says', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { outcome, told, pauses } = await run([lost, limited, server], 3);
    expect(outcome).toEqual({ value: 'done' });
    expect(told).toEqual([
      { attempt: 1, delay: 500, error: lost },
      { attempt: 2, delay: 70, error: limited },
      { attempt: 3, delay: 2_000, error: server },
    ]);
    expect(pauses).toEqual([500, 70, 2_000]);
  });

  it('takes less of the backoff at random, at most a quarter', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    const { pauses } = await run([lost], 1);
    expect(pauses).toEqual([500 * (1 - 0.999 / 4)]);
  });

  const budgets: readonly [maxRetries: number, tries: number][] = [
    [0, 1],
    [1, 2],
    [2, 3],
  ];
  it.each(budgets)('with %i retries the last of %i errors is thrown', async (maxRetries, tries) => {
    const last = new APIConnectionError('last');
    const result = await run([...Array(tries - 1).fill(lost), last, lost], maxRetries);
    expect(result).toMatchObject({ outcome: { error: last }, tries });
    expect((result.outcome as { error: unknown }).error).toBe(last);
    expect(result.told).toHaveLength(maxRetries);
  });

  const final: readonly [what: string, error: unknown][] = [
    ['a bad request', new BadRequestError('no', { status: 400 })],
    ['an abort', new APIUserAbortError()],
    ['no time left', new APITimeoutError('late', 'total')],
    ['a broken protocol', new StreamProtocolError('what?')],
    ['a bug', new TypeError('undefined is not a function')],
  ];
  it.each(final)('does not try again after %s', async (_, error) => {
    const { outcome, tries, told } = await run([error], 5);
    expect((outcome as { error: unknown }).error).toBe(error);
    expect([tries, told]).toEqual([1, []]);
  });

  it('fails as the pause does, without another try', async () => {
    const reason = new APIUserAbortError();
    const { outcome, tries } = await run([lost], 5, () => Promise.reject(reason));
    expect((outcome as { error: AnthropicError }).error).toBe(reason);
    expect(tries).toBe(1);
  });
});
