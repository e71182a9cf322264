/** What is needed of a `node:http` request. */
interface Incoming {
  method?: string | undefined;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

type Headers = Record<string, string>;

/** By it a page says that it knows what it does; without it the API lets no page read its answers. */
const OPT_IN = 'anthropic-dangerous-direct-browser-access';

/** What the API's answers have for a page of another origin. */
export function corsHeaders({ headers }: Incoming): Headers {
  if (headers[OPT_IN] === undefined) return {};
  return { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' };
}

/** The answer to a browser that asks whether a page may send a request; undefined for all others. */
export function preflightHeaders({ method, headers }: Incoming): Headers | undefined {
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return;
  const asked = headers['access-control-request-headers']?.toString() ?? '';
  if (!asked.split(/, */).includes(OPT_IN)) return {};
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST',
    // One by one: a `*` would leave out `authorization`.
    'access-control-allow-headers': asked,
  };
}
