import { saidIn, statusError } from '../error-body.js';
import { parseJson } from '../json/parse-json.js';
import { type Attempt, errorBodyText } from './body-text.js';
import type { ResponseHead, TransportResponse } from './port.js';
import { redirectText } from './redirect-error.js';

export function isSuccess({ status }: ResponseHead): boolean {
  return status >= 200 && status < 300;
}

/**
 * Fails a request whose response is no success, with what its body says.
 * @throws APIStatusError (rejects), always.
 */
export async function failStatus(
  { head, body }: TransportResponse,
  attempt: Attempt,
): Promise<never> {
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

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
