import { isForbidden } from '../env.js';
import { AnthropicError } from '../errors.js';
import { type HeaderOptions, mergeHeaders } from './headers.js';
import type { ApiRequest, Credentials, RequestOptions, ResolvedOptions } from './options.js';
import type { TransportRequest } from './port.js';
import { withQuery } from './query.js';

const API_VERSION = '2026-10-21';

/**
 * The HTTP request for a call.
 * @param credentials the headers with the key.
 * @throws AnthropicError when there is no key, or a header can't be sent.
 */
export function buildRequest(
  settings: Pick<ResolvedOptions, 'baseURL' | 'headers' | 'query'>,
  call: ApiRequest,
  options: Pick<RequestOptions, 'extraHeaders' | 'extraQuery'>,
  credentials: Credentials,
): TransportRequest {
  const { method, path, query, body } = call;
  const headers =
    call.headers === undefined && options.extraHeaders === undefined
      ? commonHeaders(settings.headers, call, credentials)
      : checkedHeaders(settings.headers, call, credentials, options.extraHeaders);
  const search =
    query === undefined && options.extraQuery === undefined
      ? settings.query
      : withQuery(settings.query, { ...query, ...options.extraQuery });
  return { method, url: settings.baseURL + path + search, headers, body };
}

/** What decides the headers of a request without any of its own, besides those of its client. */
interface Common {
  credentials: Credentials;
  stream: boolean;
  hasBody: boolean;
  headers: Readonly<Record<string, string>>;
}

/** By the headers of a client: those of its latest request without any of its own. */
const latest: WeakMap<HeaderOptions, Common> = /* @__PURE__ */ new WeakMap();

/** Made once for a client: nearly all its requests have the same, and to join and check them costs 40 µs at first. */
function commonHeaders(
  own: HeaderOptions,
  call: ApiRequest,
  credentials: Credentials,
): Readonly<Record<string, string>> {
  const { stream } = call;
  const hasBody = call.body !== undefined;
  const known = latest.get(own);
  if (known?.credentials === credentials && known.stream === stream && known.hasBody === hasBody) {
    return known.headers;
  }
  const headers = checkedHeaders(own, call, credentials);
  latest.set(own, { credentials, stream, hasBody, headers });
  return headers;
}

function checkedHeaders(
  own: HeaderOptions,
  { stream, body, headers: ofCall }: ApiRequest,
  credentials: Credentials,
  extra?: HeaderOptions,
): Record<string, string> {
  const headers = mergeHeaders(
    {
      accept: stream ? 'text/event-stream' : 'application/json',
      'anthropic-version': API_VERSION,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      // Proxies that compress a stream hold it back. Deno's fetch, told so, decodes nothing that is compressed all the same.
      ...(stream && !('Deno' in globalThis) ? { 'accept-encoding': 'identity' } : {}),
      ...credentials,
    },
    own,
    ofCall,
    joinedBetas(own, ofCall),
    extra,
  );
  assertSendable(headers);
  return headers;
}

function assertSendable(headers: Record<string, string>): void {
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
