import { statusError } from '../error-body.js';
import { AnthropicError, APIConnectionError, APITimeoutError } from '../errors.js';
import type { Attempt } from './attempts.js';
import { promised, type Waiting } from './later.js';
import type { ResponseBody, TransportRequest, TransportResponse } from './port.js';
import type { Settings } from './settings.js';
import { requestIdOf } from './to-response.js';

/**
 * One exchange, without retries: resolves with a response whose status is good.
 * @param signal its reason must be an AnthropicError.
 * @throws APIStatusError, APIConnectionError, APITimeoutError, or the signal's reason.
 */
export async function send(
  { transport, observe, clock }: Pick<Settings, 'transport' | 'observe' | 'clock'>,
  request: TransportRequest,
  attempt: Attempt,
): Promise<TransportResponse> {
  const { deadline, signal } = attempt;
  const since = clock.now();
  observe?.({ type: 'request', method: request.method, url: request.url });
  const response = await deadline
    .wait(transport(request, signal), 'response')
    .catch((error) => Promise.reject(connectionError(error, 'response', signal)));
  const { head } = response;
  const requestId = requestIdOf(head);
  observe?.({ type: 'response', status: head.status, requestId, ms: clock.now() - since });
  return checked(response, attempt);
}

/** The response, where its status is good; else the error that it stands for is thrown. */
export async function checked(
  response: TransportResponse,
  attempt: Attempt,
): Promise<TransportResponse> {
  const { head, body } = response;
  if (head.status >= 200 && head.status < 300) return response;
  throw statusError(head.status, parsed(await errorText(body, attempt)), head.headers());
}

/** A failure of the platform as one of ours. */
export function connectionError(
  error: unknown,
  phase: 'response' | 'idle',
  signal: AbortSignal,
): AnthropicError {
  if (signal.aborted && signal.reason instanceof AnthropicError) return signal.reason;
  if (error instanceof AnthropicError) return error;
  const code = codeOf(error);
  if (code !== undefined && PLATFORM_TIMEOUTS.has(code)) {
    return new APITimeoutError(`the platform's own limit was reached: ${code}`, phase, {
      cause: error,
    });
  }
  const what =
    phase === 'response' ? 'no connection' : 'the connection broke in the middle of the response';
  return new APIConnectionError(`${what}: ${[code, messageOf(error)].filter(Boolean).join(' ')}`, {
    cause: error,
  });
}

/** Of Node's own `fetch`, which gives up after 300 s whatever our clocks say. */
const PLATFORM_TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
]);

/** The whole body, for the answers that are not streams. */
export async function readText(body: ResponseBody, attempt: Attempt): Promise<string> {
  const utf8 = new TextDecoder();
  let text = '';
  for await (const chunk of chunks(body, attempt)) {
    text += utf8.decode(chunk, { stream: true });
  }
  return text + utf8.decode();
}

const MOST_ERROR_CHARACTERS = 100_000;

/** The body of an error: as much of it as can be had. The status is the news, not the body's fate. */
async function errorText(body: ResponseBody, attempt: Attempt): Promise<string> {
  const utf8 = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of chunks(body, attempt)) {
      text += utf8.decode(chunk, { stream: true });
      if (text.length >= MOST_ERROR_CHARACTERS) break;
    }
  } catch (error) {
    // Cancelled by the caller. A clock that ran out only means that there is no more of the body.
    if (attempt.signal.aborted && !(error instanceof APITimeoutError)) throw error;
  }
  return text.slice(0, MOST_ERROR_CHARACTERS);
}

async function* chunks(
  body: ResponseBody,
  { deadline, signal }: Attempt,
): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const read = promised((waiting: Waiting<Uint8Array | null>) => body.read(waiting));
      const chunk = await deadline.wait(read, 'idle');
      if (chunk === null) return;
      yield chunk;
    }
  } catch (error) {
    throw connectionError(error, 'idle', signal);
  } finally {
    body.cancel(new Error('no more of the body is read'));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The code of an error or of what caused it. Causes can go round in a circle. */
function codeOf(error: unknown, depth = 0): string | undefined {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined || depth === 8 ? undefined : codeOf(cause, depth + 1);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
