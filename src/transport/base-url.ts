import { AnthropicError } from '../errors.js';

export const DEFAULT_BASE_URL = 'https://api.anthropic.com';

/** The address that paths such as `/v1/messages` are added to, without a slash at its end, and its query. */
export interface BaseUrl {
  url: string;
  /** With its `?`; '' for none. */
  query: string;
}

/**
 * The `baseURL` option, checked. User name and password are never sent, and a message doesn't show them
 * either. What users copy with an address is left out: `/v1`, `/v1/messages`, a fragment.
 * @param removed called where there were user name or password.
 * @throws AnthropicError for any other than an http(s) URL.
 */
export function baseUrl(value: string, removed: (host: string) => void): BaseUrl {
  const given = String(value).trim();
  if (!/^https?:\/\//i.test(given) || /\s/.test(given) || !URL.canParse(given)) {
    throw new AnthropicError(
      `baseURL is ${JSON.stringify(withoutUserinfo(given))}: give an address such as ${DEFAULT_BASE_URL}`,
    );
  }
  const { origin, pathname, search, host, username, password } = new URL(given);
  if (username !== '' || password !== '') removed(host);
  const path = withoutSlashes(withoutSlashes(pathname).replace(/\/v1(\/messages)?$/, ''));
  return { url: origin + path, query: search };
}

function withoutSlashes(path: string): string {
  return path.replace(/(?<!\/)\/+$/, '');
}

/** An http(s) URL without user name and password. Of anything else, what follows the last `@`. */
export function withoutUserinfo(url: string): string {
  if (!URL.canParse(url) || !/^https?:/i.test(url)) return url.slice(url.lastIndexOf('@') + 1);
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return url;
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}
