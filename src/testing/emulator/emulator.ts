import { toErrorAnswer } from '../model/answer.js';
import { type EmulatedError, toEmulatedError } from '../model/error.js';
import { createIds } from '../model/ids.js';
import type { EmulatorParams, EmulatorRequest } from '../model/request.js';
import { createReplySource } from '../script/replies.js';
import { createHost, type Host } from '../wire/host.js';
import type { EmulatorOptions } from './options.js';
import { createRoutes } from './routes.js';
import { createThreads, getPreviousId } from './threads.js';

/** An emulator of the Messages API. Its only state is its replies, its counters and `requests`. */
export interface Emulator extends Host {
  /** @throws Error that lists the unused replies. */
  assertDone(): void;
}

/**
 * An emulator of `POST /v1/messages`, streamed or not, `POST /v1/messages/count_tokens`,
 * `/v1/messages/batches` and `GET /v1/models`. It checks requests and words its errors like the API. Everything it sends is
 * derived from the requests and the replies: two runs send the same bytes.
 * @throws TypeError if the replies are neither a list nor a function.
 */
export function createEmulator(options: EmulatorOptions): Emulator {
  const { seed } = options;
  const replies = createReplySource(options.replies);
  const ids = createIds(seed);
  const threads = createThreads();
  const routes = createRoutes(options, replies, ids, threads);
  const host = createHost(async (received, number, sent) => {
    const requestId = ids.request(number);
    const { request } = received;
    const route = routes.find(
      ({ method, path }) => method === request.method && path.test(request.path),
    );
    if (route === undefined) return toErrorAnswer(toNotFound(request), requestId);
    const params = isObject(request.body) ? threads.resume(request.body) : request.body;
    if (params === undefined) return toErrorAnswer(toNoThread(request), requestId);
    const error = route.check({ ...received, request: { ...request, body: params } });
    const answer =
      error === undefined
        ? await route.answer(request, params, {
            requestId,
            query: received.query,
            origin: new URL(sent.url).origin,
          })
        : toErrorAnswer(error, requestId);
    return { ...answer, headers: { ...getRateLimitHeaders(number), ...answer.headers } };
  }, options);
  return {
    ...host,
    assertDone: () => {
      const unused = replies.listUnused();
      if (unused.length === 0) return;
      const lines = unused.map((line) => `\n  ${line}`).join('');
      throw new Error(`unused replies: ${unused.length}${lines}`);
    },
  };
}

function isObject(body: unknown): body is EmulatorParams {
  return typeof body === 'object' && body !== null;
}

function toNoThread({ body }: EmulatorRequest): EmulatedError {
  const message = `thread: no message ${getPreviousId(body)} is held`;
  return {
    ...toEmulatedError('not_found_error', message),
    details: { error_code: 'thread_not_found' },
  };
}

function toNotFound({ method, path }: EmulatorRequest): EmulatedError {
  return toEmulatedError(
    'not_found_error',
    `Not found: ${method} ${path}. The emulator has POST /v1/messages, POST /v1/messages/count_tokens, /v1/messages/batches and GET /v1/models`,
  );
}

/** Far in the future, and the same in each run. */
const RESET = '2030-01-01T00:00:00Z';

const RATE_LIMITS = {
  requests: 4000,
  tokens: 480_000,
  'input-tokens': 400_000,
  'output-tokens': 80_000,
};

/** The API's rate limit headers. Each request counts as one, but none is ever rejected. */
function getRateLimitHeaders(request: number): Readonly<Record<string, string>> {
  const headers: Record<string, string> = { 'anthropic-organization-id': 'org_emulator' };
  for (const [name, limit] of Object.entries(RATE_LIMITS)) {
    const used = name === 'requests' ? request : 0;
    headers[`anthropic-ratelimit-${name}-limit`] = String(limit);
    headers[`anthropic-ratelimit-${name}-remaining`] = String(Math.max(0, limit - used));
    headers[`anthropic-ratelimit-${name}-reset`] = RESET;
  }
  return headers;
}
