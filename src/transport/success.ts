import { saidIn, statusError } from '../error-body.js';
import { parseJson } from '../json/parse-json.js';
import { type Attempt, errorBodyText } from './body-text.js';
import type { ResponseHead, TransportResponse } from './port.js';
import { redirectText } from './redirect-error.js';

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
