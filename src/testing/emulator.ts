import { type Answer, answer, errorAnswer, jsonAnswer } from './answer.js';
import { type EmulatedError, emulatedError } from './api-error.js';
import { type Check, checksFor, countTokensParams, createParams } from './checks.js';
import { requestId } from './ids.js';
import { type Replies, takerOf } from './replies.js';
import { type EmulatorRequest, receive } from './request.js';
import { toResponse } from './response.js';
import { inputTokens } from './tokens.js';
import { unlessAborted } from './unless-aborted.js';

export interface EmulatorOptions {
  /** The only key that passes. Default: any passes, but there must be one. */
  apiKey?: string | undefined;
  /**
   * Replies for the requests in turn; one more is answered with an `api_error` that says so. Or a
   * function that is asked for each reply. A request that is refused uses up none.
   */
  replies: Replies;
}

/** An emulator of the Messages API. It has no state but its replies, its counters and `requests`. */
export interface Emulator {
  /**
   * A `fetch` whose every request is answered here, whatever its host: for
   * `new Anthropic({ fetch: emulator.fetch, apiKey: 'test' })`. It opens no socket.
   */
  readonly fetch: (input: Request | string | URL, init?: RequestInit) => Promise<Response>;
  /** All requests so far, in the order they came, those that were refused included. */
  readonly requests: readonly EmulatorRequest[];
}

/**
 * An emulator of `POST /v1/messages`, streamed or not, and `POST /v1/messages/count_tokens`. It
 * checks requests and words its refusals like the API. All that it sends follows from the requests
 * and the replies: two runs give the same bytes.
 * @throws TypeError when the replies are neither a list nor a function.
 */
export function createEmulator({ apiKey, replies }: EmulatorOptions): Emulator {
  const requests: EmulatorRequest[] = [];
  const routes = routesFor(apiKey, replies);
  let count = 0;

  const respond = async (sent: Request): Promise<Answer> => {
    const id = requestId(++count);
    const received = await receive(sent);
    const { request } = received;
    requests.push(request);
    const route = routes[`${request.method} ${request.path}`];
    if (route === undefined) return errorAnswer(notFound(request), id);
    const refusal = route.check(received);
    return refusal === undefined ? route.answer(request, id) : errorAnswer(refusal, id);
  };

  return {
    requests,
    fetch: async (input, init) => {
      const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
      signal?.throwIfAborted();
      // The signal is ours to watch; a Request would follow it with listeners of its own.
      const sent = new Request(input, { ...init, signal: null });
      const found = await unlessAborted(respond(sent), signal);
      signal?.throwIfAborted();
      return toResponse(found, signal);
    },
  };
}

/** What is done with the requests to one address. */
interface Route {
  check: Check;
  answer: (request: EmulatorRequest, requestId: string) => Promise<Answer>;
}

/** By method and path. */
function routesFor(
  apiKey: string | undefined,
  replies: Replies,
): Readonly<Record<string, Route | undefined>> {
  const take = takerOf(replies);
  let taken = 0;
  return {
    'POST /v1/messages': {
      check: checksFor(apiKey, createParams),
      answer: async (request, requestId) => {
        const number = ++taken;
        const reply = await take(request, number);
        return answer(reply, { params: request.body, requestId, number });
      },
    },
    'POST /v1/messages/count_tokens': {
      check: checksFor(apiKey, countTokensParams),
      answer: async ({ body }, requestId) =>
        jsonAnswer({ input_tokens: inputTokens(body) }, requestId),
    },
  };
}

function notFound({ method, path }: EmulatorRequest): EmulatedError {
  return emulatedError(
    'not_found_error',
    `Not found: ${method} ${path}. There is POST /v1/messages and POST /v1/messages/count_tokens`,
  );
}
