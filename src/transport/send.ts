import type { Attempt } from './body-text.js';
import type { ResolvedOptions } from './options.js';
import type { TransportRequest, TransportResponse } from './port.js';
import { requestError } from './request-error.js';
import { failStatus, isSuccess } from './success.js';
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
    throw requestError(error, { signal, url });
  }
  const { head } = response;
  const requestId = requestIdOf(head);
  report?.({ type: 'response', status: head.status, requestId, ms: clock.now() - since });
  return isSuccess(head) ? response : failStatus(response, attempt);
}
