import { eventError, isErrorBody } from '../error-body.js';
import { StreamProtocolError } from '../errors.js';
import { JsonLimitError, parseJson } from '../json/parse-json.js';
import { bodyText } from './body-text.js';
import { endOnAbort } from './on-abort.js';
import type { ApiRequest, RequestOptions, ResolvedOptions } from './options.js';
import type { ResponseHead } from './port.js';
import { RetryingRequest } from './retrying-request.js';
import { sizeLimits } from './size-limits.js';
import { undecodedError } from './undecoded.js';

/** A request whose response is one JSON document. */
export async function sendJson<T>(
  settings: ResolvedOptions,
  call: ApiRequest,
  options: RequestOptions,
): Promise<{ data: T; head: ResponseHead }> {
  const limits = sizeLimits(options, settings);
  const request = new RetryingRequest(settings, call, options);
  const stopListening = endOnAbort([options.signal, settings.closed], (error) =>
    request.cancel(error),
  );
  try {
    return await request.run(async (response, attempt) => ({
      data: parsed<T>(await bodyText(response.body, attempt, limits), response.head),
      head: response.head,
    }));
  } finally {
    stopListening();
  }
}

function parsed<T>(text: string, head: ResponseHead): T {
  const body = parse(text, head);
  // Some gateways send errors with status 200.
  if (isErrorBody(body)) throw eventError(body, head.headers(), head.status);
  return body as T;
}

function parse(text: string, head: ResponseHead): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    if (cause instanceof JsonLimitError) {
      throw new StreamProtocolError(`the response is JSON that ${cause.message}`, { cause });
    }
    const what = `the response is not JSON: ${text.slice(0, 200)}`;
    throw undecodedError(text, head) ?? new StreamProtocolError(what, { cause });
  }
}
