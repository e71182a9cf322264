import { byType, isErrorBody } from '../error-body.js';
import { type AnthropicError, APIError, APIStatusError, APITimeoutError } from '../errors.js';
import { CLIENT_TYPES } from '../relayed-error.js';
import type { ErrorBody } from '../wire/errors.js';

/** What a page may see of a client-side error: the real text can contain addresses and what callbacks threw. */
const TEXTS: Readonly<Record<string, string>> = {
  stream_truncated_error: 'the response of the API ended before its message did',
  producer_lost_error: 'the server that received the message is gone, and no other could finish it',
  user_abort_error: 'the request was aborted',
  connection_error: 'the server has no connection to the API',
  stream_protocol_error: 'the API sent an invalid response',
  anthropic_error: 'the server could not handle the request',
};
const TIMEOUT_TEXT = 'the API took too long to respond';

/**
 * The body of an error as it is passed on: API errors as received, client-side errors under a type from
 * which `fromRelayedBody` makes the same class again.
 * @param isMasked whether a client-side error is sent with a fixed text in place of its own.
 */
export function toRelayedBody(error: AnthropicError, isMasked: boolean): RelayedBody {
  const isFromApi = error instanceof APIError && isErrorBody(error.body);
  const requestId = error.requestId === undefined ? {} : { request_id: error.requestId };
  const said = isFromApi ? (error.body as ErrorBody).error : clientBody(error, isMasked);
  return { type: 'error', error: said, ...requestId, ...statusBeside(said.type, error) };
}

/** A relayed body with the HTTP status, where the error's type doesn't imply it: 422, 503. */
interface RelayedBody extends ErrorBody {
  status?: number;
}

function clientBody(error: AnthropicError, isMasked: boolean): ErrorBody['error'] {
  if (error instanceof APITimeoutError) {
    const type = `${error.phase}_timeout_error`;
    return { type, message: isMasked ? TIMEOUT_TEXT : error.reason };
  }
  if (error instanceof APIStatusError) {
    // Without a status it must not get one by its type: that would make it retryable.
    const byStatus = [...byType].find(([, [status]]) => status === error.status)?.[0];
    const type = byStatus ?? (error.status === undefined ? 'unknown_error' : 'api_error');
    return { type, message: isMasked ? statusText(error) : error.reason };
  }
  const found = [...CLIENT_TYPES].find(([, Class]) => error instanceof Class);
  // The `error` option of toResponse() can return anything.
  const type = found?.[0] ?? 'anthropic_error';
  return { type, message: isMasked ? (TEXTS[type] as string) : error.reason };
}

/** The body was no error of the API: a page of a proxy, or a redirect, can name addresses. */
function statusText({ status }: APIStatusError): string {
  return status === undefined
    ? 'the API reported an error'
    : `the API responded with HTTP ${status}`;
}

function statusBeside(type: string, error: AnthropicError): Pick<RelayedBody, 'status'> {
  const { status } = error instanceof APIStatusError ? error : {};
  return status === undefined || byType.get(type)?.[0] === status ? {} : { status };
}
