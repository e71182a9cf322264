import { AnthropicError } from '../../errors.js';
import { isExempt, isLoopback } from './no-proxy.js';

/** Reads an environment variable; undefined where it is unset or empty. */
export type ReadEnv = (name: string) => string | undefined;

export interface ProxyOptions {
  /** A URL, or false for none. */
  proxy?: string | false | undefined;
  agent?: object | undefined;
}

/**
 * The proxy for the requests to a server, as a URL: that of the option, else that of the environment, which
 * is meant for all programs and so never for this machine itself.
 * @param options of a client; an agent decides itself where it connects.
 * @throws AnthropicError for a proxy that can't be used.
 */
export function proxyFor(
  { proxy, agent }: ProxyOptions,
  baseURL: string,
  env: ReadEnv,
): string | undefined {
  if (proxy === false) return undefined;
  if (agent !== undefined) {
    if (proxy === undefined) return undefined;
    throw new AnthropicError('agent and proxy exclude each other: pass one of them');
  }
  if (proxy !== undefined) return toProxyUrl(proxy, 'proxy');
  const target = new URL(baseURL);
  const set = VARIABLES[target.protocol]?.find((name) => readProxy(name, env) !== undefined);
  if (set === undefined || isLoopback(target)) return undefined;
  const exempt = env('no_proxy') ?? env('NO_PROXY') ?? '';
  return isExempt(target, exempt) ? undefined : toProxyUrl(readProxy(set, env) as string, set);
}

/** The first that is set counts: curl reads the lower case first, too. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  'http:': ['http_proxy', 'HTTP_PROXY'],
  'https:': ['https_proxy', 'HTTPS_PROXY'],
};

/** In a CGI script, whose mark is REQUEST_METHOD, HTTP_PROXY is a header that a visitor sent (https://httpoxy.org). */
function readProxy(name: string, env: ReadEnv): string | undefined {
  return name === 'HTTP_PROXY' && env('REQUEST_METHOD') !== undefined ? undefined : env(name);
}

/** @param source the option or the variable, for messages, which never show the value: it can have a password. */
function toProxyUrl(value: string, source: string): string {
  const given = value.trim();
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  const url = !/\s/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^socks/.test(url.protocol)) {
    throw new AnthropicError(
      `${source} names a SOCKS proxy (${url.protocol}//), which is not supported: give the URL of an HTTP proxy, ` +
        'pass an agent such as SocksProxyAgent of socks-proxy-agent, or proxy: false',
    );
  }
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new AnthropicError(
      `${source} is no URL of a proxy: give one such as http://proxy.example.com:8080, or proxy: false`,
    );
  }
  const { protocol, username, password, host } = url;
  const userinfo = username === '' && password === '' ? '' : `${username}:${password}@`;
  return `${protocol}//${userinfo}${host}`;
}
