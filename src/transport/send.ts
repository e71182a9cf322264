import { saidIn, statusError } from '../error-body.js';
import { parseJson } from '../json/parse-json.js';
import { type Attempt, errorBodyText } from './body-text.js';
import { connectionError } from './connection-error.js';
import type { ResolvedOptions } from './options.js';
import type { ResponseHead, TransportRequest, TransportResponse } from './port.js';
import { redirectText } from './redirect-error.js';
import { requestIdOf } from './to-response.js';

/**
 * One exchange, without retries: resolves with a response whose status is good.
 * @param attempt its signal's reason must be an AnthropicError.
 * @throws APIStatusError, APIConnectionError, APITimeoutError, or the signal's reason.
 */
export async function send(
  { transport, report, clock }: Pick<ResolvedOptions, 'transport' | 'report' | 'clock'>,
  request: TransportRequest,
  attempt: Attempt,
): Promise<TransportResponse> {
  const { deadline, signal } = attempt;
  const since = clock.now();
  const { method, url } = request;
  report?.({ type: 'request', method, url, timeouts: { ...deadline.limits } });
  let response: TransportResponse;
  try {
    response = await deadline.wait(transport(request, signal), 'response');
  } catch (error) {
    throw connectionError(error, { phase: 'response', signal, url });
  }
  const { head } = response;
  const requestId = requestIdOf(head);
  report?.({ type: 'response', status: head.status, requestId, ms: clock.now() - since });
  return isSuccess(head) ? response : assertSuccess(response, attempt);
}

/**
 * @returns the response.
 * @throws APIStatusError where its status isn't 2xx.
 */
export async function assertSuccess(
  response: TransportResponse,
  attempt: Attempt,
): Promise<TransportResponse> {
  const { head, body } = response;
  if (isSuccess(head)) return response;
  const sent = parsed(await errorBodyText(body, attempt));
  const { url } = attempt;
  const wrong = head.status === 404 && url ? `from ${withoutQuery(url)}` : '';
  const texts = [wrong, redirectText(head, url) ?? saidIn(sent)].filter((text) => text !== '');
  throw statusError(head.status, sent, head.headers(), texts.join(': '));
}

/** A query can contain a key. */
function withoutQuery(url: string): string {
  return url.slice(0, url.search(/\?|$/));
}

export function isSuccess({ status }: ResponseHead): boolean {
  return status >= 200 && status < 300;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
