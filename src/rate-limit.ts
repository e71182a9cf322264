/** One of the API's rate limits. */
export interface RateLimitWindow {
  /** The limit for one period: requests, or tokens. */
  limit: number;
  /** What remains of it. */
  remaining: number;
  /** When it is replenished. */
  reset: Date | undefined;
}

/** The rate limits in a response's headers; those that are missing are undefined. */
export interface RateLimit {
  requests: RateLimitWindow | undefined;
  tokens: RateLimitWindow | undefined;
  inputTokens: RateLimitWindow | undefined;
  outputTokens: RateLimitWindow | undefined;
  /** How long to wait before the next request, in milliseconds. */
  retryAfter: number | undefined;
}

/** Headers, or an object with their `get`. */
export type HeaderSource = Pick<Headers, 'get'>;

/** The `anthropic-ratelimit-*` and `retry-after` headers; undefined where there are none. */
export function rateLimitOf(
  headers: HeaderSource,
  now: number = Date.now(),
): RateLimit | undefined {
  const limits: RateLimit = {
    requests: windowOf(headers, 'requests'),
    tokens: windowOf(headers, 'tokens'),
    inputTokens: windowOf(headers, 'input-tokens'),
    outputTokens: windowOf(headers, 'output-tokens'),
    retryAfter: retryAfter(headers, now),
  };
  return Object.values(limits).some((value) => value !== undefined) ? limits : undefined;
}

function windowOf(headers: HeaderSource, name: string): RateLimitWindow | undefined {
  const value = (field: string): string =>
    headers.get(`anthropic-ratelimit-${name}-${field}`) ?? '';
  const limit = Number.parseInt(value('limit'), 10);
  const remaining = Number.parseInt(value('remaining'), 10);
  const reset = Date.parse(value('reset'));
  if (Number.isNaN(limit + remaining)) return undefined;
  return { limit, remaining, reset: Number.isNaN(reset) ? undefined : new Date(reset) };
}

/**
 * `retry-after-ms`, else `retry-after` in seconds or as an HTTP date; in milliseconds.
 * @param now Unix time in milliseconds.
 */
export function retryAfter(headers: HeaderSource | undefined, now: number): number | undefined {
  const inMs = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (inMs >= 0) return inMs;
  const value = headers?.get('retry-after') || 'none';
  const inSeconds = Number(value);
  if (inSeconds >= 0) return inSeconds * 1000;
  const at = HTTP_DATE.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(at - now, 0);
}

/** Every form of RFC 9110 has the time of day. Date.parse alone finds a date in almost anything. */
const HTTP_DATE = /\d\d:\d\d:\d\d/;
