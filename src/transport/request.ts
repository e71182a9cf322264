import { isForbidden } from '../env.js';
import { AnthropicError } from '../errors.js';
import { type HeaderOptions, mergeHeaders } from './headers.js';
import type { ApiRequest, RequestOptions, ResolvedOptions } from './options.js';
import type { TransportRequest } from './port.js';
import { withQuery } from './query.js';

const API_VERSION = '2026-10-21';

/**
 * The HTTP request for a call.
 * @param credentials the headers with the key; none of them where there is none.
 * @throws AnthropicError when there is no key, or a header can't be sent.
 */
export function buildRequest(
  settings: Pick<ResolvedOptions, 'baseURL' | 'headers' | 'query'>,
  call: ApiRequest,
  options: Pick<RequestOptions, 'extraHeaders' | 'extraQuery'>,
  credentials: Record<string, string>,
): TransportRequest {
  const { body } = call;
  const headers = mergeHeaders(
    {
      accept: call.stream ? 'text/event-stream' : 'application/json',
      'anthropic-version': API_VERSION,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      // Proxies that compress a stream hold it back. Deno's fetch, told so, decodes nothing that is compressed all the same.
      ...(call.stream && !('Deno' in globalThis) ? { 'accept-encoding': 'identity' } : {}),
      ...credentials,
    },
    settings.headers,
    call.headers,
    joinedBetas(settings.headers, call.headers),
    options.extraHeaders,
  );
  if (!('authorization' in headers) && !('x-api-key' in headers)) {
    const hint = isForbidden('ANTHROPIC_API_KEY')
      ? '. The environment may not be read here: Deno needs --allow-env'
      : '';
    throw new AnthropicError(
      `no API key: set ANTHROPIC_API_KEY or pass new Anthropic({ apiKey })${hint}`,
    );
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name)) {
      throw new AnthropicError(`${JSON.stringify(name.slice(0, 80))} is not the name of a header`);
    }
    // Platforms refuse these too, but with the value in their message, and it may be the key.
    if (!HEADER_VALUE.test(value)) {
      throw new AnthropicError(
        `the header ${name} contains a character that headers can't carry, such as a line break`,
      );
    }
  }
  const url =
    settings.baseURL +
    call.path +
    withQuery(settings.query, { ...call.query, ...options.extraQuery });
  return { method: call.method, url, headers, body };
}

const BETAS = 'anthropic-beta';

/** The flags of the client and those of the call, which are one list; each once. */
function joinedBetas(...layers: (HeaderOptions | undefined)[]): HeaderOptions {
  const lists = layers.map((headers) => mergeHeaders(headers)[BETAS] ?? '');
  const flags = lists.flatMap((list) => list.split(',')).map((flag) => flag.trim());
  const joined = [...new Set(flags)].filter((flag) => flag !== '').join(',');
  return joined === '' ? {} : { [BETAS]: joined };
}

/** RFC 9110, section 5.6.2. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
