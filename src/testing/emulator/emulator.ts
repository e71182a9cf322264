import {
  type Check,
  checksFor,
  countTokensParams,
  createParams,
  headerChecks,
} from '../check/checks.js';
import { type EmulatedError, emulatedError } from '../model/error.js';
import type { Fault } from '../model/fault.js';
import { createIds, type Ids } from '../model/ids.js';
import type { EmulatorParams, EmulatorRequest } from '../model/request.js';
import { inputTokens } from '../model/tokens.js';
import {
  type Answer,
  answer,
  errorAnswer,
  jsonAnswer,
  withFaults,
} from '../script/answer-reply.js';
import { type ContinuationOptions, createMemory } from '../script/continuation.js';
import { type Replies, type ReplySource, sourceOf } from '../script/replies.js';
import { type Clock, realClock } from '../time/clock.js';
import type { Pace } from '../time/pace.js';
import { createHost, type Host } from '../wire/host.js';
import { rateLimitHeaders } from './rate-limits.js';
import { modelAnswer } from './routes.js';
import { createThreads, previousOf, type Threads } from './threads.js';

/** Options of an emulator. */
export interface EmulatorOptions {
  /** The only key that passes. Default: any passes, but there must be one. */
  apiKey?: string | undefined;
  /**
   * Replies for the requests in turn; one more is answered with an `api_error` that says so. Or a
   * function that is asked for each reply. A request that is refused uses up none.
   */
  replies: Replies;
  /** How fast answers are written. Default: nothing takes time. */
  pace?: Pace | undefined;
  /** What goes wrong with every answer, or with the n-th, from 1. */
  faults?: Faults | undefined;
  /** Where time comes from: `manualClock()` for one that stands still. Default: real time. */
  clock?: Clock | undefined;
  /** Ids look drawn at random, the same for the same seed. Default: they count. */
  seed?: number | undefined;
  /** The models that there are; a request for another is answered 404. Default: any model. */
  models?: readonly string[] | undefined;
  /**
   * How a request is answered that goes on with an earlier reply: with the rest of that reply, which
   * uses up none. `false`: like any other.
   */
  continuation?: ContinuationOptions | false | undefined;
}

/** What goes wrong: with every answer, or with each by its number, from 1, and its request. */
export type Faults =
  | readonly Fault[]
  | ((number: number, request: EmulatorRequest) => readonly Fault[]);

/** An emulator of the Messages API. It has no state but its replies, its counters and `requests`. */
export interface Emulator extends Host {
  /** @throws Error that names the replies that nobody asked for. */
  assertDone(): void;
}

/**
 * An emulator of `POST /v1/messages`, streamed or not, `POST /v1/messages/count_tokens` and
 * `GET /v1/models`. It checks requests and words its refusals like the API. All that it sends follows
 * from the requests and the replies: two runs give the same bytes.
 * @throws TypeError when the replies are neither a list nor a function.
 */
export function createEmulator(options: EmulatorOptions): Emulator {
  const { clock = realClock, seed } = options;
  const source = sourceOf(options.replies);
  const ids = createIds(seed);
  const threads = createThreads();
  const routes = routesFor(options, source, ids, threads);
  const host = createHost(async (received, number) => {
    const id = ids.request(number);
    const { request } = received;
    const route = routes.find(
      ({ method, path }) => method === request.method && path.test(request.path),
    );
    if (route === undefined) return errorAnswer(notFound(request), id);
    const params = isObject(request.body) ? threads.resume(request.body) : request.body;
    if (params === undefined) return errorAnswer(noThread(request), id);
    const refusal = route.check({ ...received, request: { ...request, body: params } });
    const given =
      refusal === undefined ? await route.answer(request, params, id) : errorAnswer(refusal, id);
    return { ...given, headers: { ...rateLimitHeaders(number), ...given.headers } };
  }, clock);
  return {
    ...host,
    assertDone: () => {
      const unused = source.unused();
      if (unused.length === 0) return;
      const list = unused.map((line) => `\n  ${line}`).join('');
      throw new Error(`${unused.length} of the replies were not asked for:${list}`);
    },
  };
}

/** What is done with the requests to one address. */
interface Route {
  method: string;
  path: RegExp;
  check: Check;
  /** @param params those of the request, with the messages that a thread holds. */
  answer: (
    request: EmulatorRequest,
    params: EmulatorParams,
    requestId: string,
  ) => Answer | Promise<Answer>;
}

function routesFor(
  options: EmulatorOptions,
  source: ReplySource,
  ids: Ids,
  threads: Threads,
): readonly Route[] {
  const { apiKey, models } = options;
  return [
    {
      method: 'POST',
      path: /^\/v1\/messages$/,
      check: checksFor(apiKey, createParams, models),
      answer: messagesAnswer(options, source, ids, threads),
    },
    {
      method: 'POST',
      path: /^\/v1\/messages\/count_tokens$/,
      check: checksFor(apiKey, countTokensParams, models),
      answer: (_, params, id) => jsonAnswer({ input_tokens: inputTokens(params) }, id),
    },
    {
      method: 'GET',
      path: /^\/v1\/models(\/[^/]+)?$/,
      check: headerChecks(apiKey),
      answer: ({ path }, _, id) => modelAnswer(path, models, id),
    },
  ];
}

function messagesAnswer(
  { pace, faults = [], continuation = {} }: EmulatorOptions,
  source: ReplySource,
  ids: Ids,
  threads: Threads,
): Route['answer'] {
  const memory = continuation === false ? undefined : createMemory(continuation);
  let taken = 0;
  return async (request, params, requestId) => {
    const number = ++taken;
    const rest = memory?.restFor(params);
    const reply = rest ?? (await source.take(request, number));
    if (rest === undefined) memory?.remember(params, reply);
    const plain = answer(reply, { params, requestId, number, ids, pace });
    const whole = threads.held(plain, params);
    const list = typeof faults === 'function' ? faults(number, request) : faults;
    return withFaults(whole, list, { requestId });
  };
}

function isObject(body: unknown): body is EmulatorParams {
  return typeof body === 'object' && body !== null;
}

function noThread({ body }: EmulatorRequest): EmulatedError {
  const message = `thread: no message ${previousOf(body)} is held`;
  return {
    ...emulatedError('not_found_error', message),
    details: { error_code: 'thread_not_found' },
  };
}

function notFound({ method, path }: EmulatorRequest): EmulatedError {
  return emulatedError(
    'not_found_error',
    `Not found: ${method} ${path}. There is POST /v1/messages, POST /v1/messages/count_tokens and GET /v1/models`,
  );
}
