import { AnthropicError } from '../errors.js';

export const DEFAULT_BASE_URL = 'https://api.anthropic.com';

/**
 * The `baseURL` option, checked: without a slash at its end, and without user name and password, which are
 * never sent. A message doesn't show them either.
 * @param removed called where there were some.
 * @throws AnthropicError for any other than an http(s) URL.
 */
export function baseUrl(value: string, removed: (host: string) => void): string {
  const given = String(value).trim();
  if (!/^https?:\/\//.test(given) || /\s/.test(given) || !URL.canParse(given)) {
    throw new AnthropicError(
      `baseURL is ${JSON.stringify(withoutUserinfo(given))}: give an address such as ${DEFAULT_BASE_URL}`,
    );
  }
  const url = withoutUserinfo(given);
  if (url !== given) removed(new URL(url).host);
  return url.replace(/(?<!\/)\/+$/, '');
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
