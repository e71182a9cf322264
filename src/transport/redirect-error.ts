import { APIStatusError } from '../errors.js';
import { withoutUserinfo } from './base-url.js';
import type { ResponseHead } from './port.js';

/**
 * What to say of a response that redirects; undefined for any other. Redirects are never followed: key and
 * prompt would go to an address that no one configured.
 * @param url of the request.
 */
export function redirectText(head: ResponseHead, url: string | undefined): string | undefined {
  const { status } = head;
  const location = head.header('location');
  if (status < 300 || status > 399 || location === null) return undefined;
  return `the server redirects to ${targetOf(location, url)}. ${ADVICE}`;
}

/** Where the platform hides status and target of a redirect. */
export function hiddenRedirectError(): APIStatusError {
  return new APIStatusError(`the server redirects, and this platform hides where to. ${ADVICE}`);
}

const ADVICE = 'Redirects are not followed: set baseURL to the final address';
const MAX_TARGET = 500;

function targetOf(location: string, url: string | undefined): string {
  const target = URL.canParse(location, url) ? new URL(location, url).href : location;
  const shown = withoutUserinfo(target);
  return shown.length > MAX_TARGET ? `${shown.slice(0, MAX_TARGET)}…` : shown;
}
