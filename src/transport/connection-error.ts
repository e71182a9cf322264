import { AnthropicError, APIConnectionError, APITimeoutError } from '../errors.js';
import { thrownText } from '../thrown.js';
import type { CancelSignal } from './cancellation.js';
import { FETCH_CONTRACT } from './fetch-contract.js';

/** What is known of a request that failed. */
export interface FailedRequest {
  /** What was waited for. */
  phase: 'response' | 'idle';
  /** Its reason, where it is an AnthropicError, is what ended the request. */
  signal?: CancelSignal | undefined;
  url?: string | undefined;
  /** The name of the proxy on the way. */
  proxy?: string;
}

/**
 * A failure of the platform as an AnthropicError: of the network (APIConnectionError, final where the next
 * try would meet the same), of the caller's code (a plain AnthropicError), or the known error itself.
 */
export function connectionError(error: unknown, request: FailedRequest): AnthropicError {
  const { phase, signal, url, proxy } = request;
  if (signal?.aborted && signal.reason instanceof AnthropicError) return signal.reason;
  if (error instanceof AnthropicError) return error;
  const chain = causesOf(error);
  const code = codeOf(chain);
  const because = { cause: error };
  if (PLATFORM_TIMEOUT.test(code)) {
    return new APITimeoutError(`the platform's own limit was reached: ${code}`, phase, because);
  }
  const detail = detailOf(chain, code, url);
  const via = proxy === undefined ? '' : ` through the proxy ${proxy}`;
  const host = url === undefined ? '' : ` to ${new URL(url).host}${via}`;
  if (phase === 'idle') {
    const what = `the connection${host} broke in the middle of the response: ${detail}`;
    return new APIConnectionError(what, because);
  }
  if (PLATFORM_REFUSAL.test(code)) {
    return new AnthropicError(`invalid request: ${detail}`, because);
  }
  if (code === '' && isMistake(error)) {
    const what = `fetch threw ${nameOf(error)}: ${detail}. ${FETCH_CONTRACT}`;
    return new AnthropicError(what, because);
  }
  const advice = adviceFor(code, detail);
  return new APIConnectionError(`no connection${host}: ${detail}${advice}`, because, advice === '');
}

/** Node's own `fetch` gives up after 300 s, regardless of our clocks. */
const PLATFORM_TIMEOUT = /^(UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT|ETIMEDOUT)$/;

/** Codes for what the platform refuses to send, such as ERR_INVALID_URL. Those left out are of the network. */
const PLATFORM_REFUSAL =
  /^(UND_ERR_(INVALID|NOT_SUPPORTED$)|ERR_(?!TLS_|SSL_|(STREAM_(PREMATURE_CLOSE|DESTROYED)|SOCKET_(CLOSED|CONNECTION_TIMEOUT)|PROXY_TUNNEL)$))/;

/**
 * How platforms begin the message of the TypeError that stands for a failure of the network. Any other
 * TypeError is a mistake in the request, or in a custom `fetch`.
 */
// biome-ignore format: a row for each platform
export const NETWORK_TYPE_ERRORS: readonly string[] = [
  'fetch failed', 'terminated', // Node
  'Failed to fetch', 'network error', // Chromium
  'NetworkError when', 'Error in input stream', // Firefox
  'Load failed', 'The network connection was lost', 'The Internet connection appears to be offline', // Safari
  'Could not connect to the server', 'A server with the specified hostname could not be found', // Safari
  'The certificate for this server is invalid', 'An SSL error has occurred', // Safari
  'error sending request', 'client error', 'connection error', 'error trying to connect', // Deno
  'Unable to connect', 'The socket connection was closed unexpectedly', // Bun
  'Was there a typo in the url or port?', // Bun
  'Network connection lost', // workerd
  'Network request failed', // React Native
];

const MISTAKE = /^(Type|Reference|Range|Syntax)Error$/;

function isMistake(error: unknown): boolean {
  const text = thrownText(error);
  return (
    MISTAKE.test(nameOf(error)) && !NETWORK_TYPE_ERRORS.some((start) => text.startsWith(start))
  );
}

/** What makes a failure final, as the next try would meet it too, ready to append; '' where nothing does. */
function adviceFor(code: string, detail: string): string {
  if (CERTIFICATE_CODE.test(code) || /certificate/i.test(detail)) {
    return '. If a private CA or a proxy issued the certificate, set NODE_EXTRA_CA_CERTS to the file of its root certificate';
  }
  if (OTHER_PROTOCOL.test(code)) {
    return '. The server speaks another protocol: check the scheme and the port of baseURL';
  }
  return detail === 'bad port' ? '. fetch refuses this port: use another' : '';
}

const OTHER_PROTOCOL = /^(EPROTO$|HPE_INVALID_CONSTANT$|ERR_SSL_)/;

/** The second half are codes of OpenSSL whose name doesn't say it. */
const CERTIFICATE_CODE =
  /(^|_)CERT(_|$)|^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED)$/;

/** An error and what caused it, the innermost last. Causes can form a circle. */
function causesOf(error: unknown): unknown[] {
  const chain = [error];
  while (chain.length < MAX_CAUSES) {
    const last = chain.at(-1);
    // Several addresses were tried: what the first one said.
    const cause = fieldOf(last, 'cause') ?? fieldOf(fieldOf(last, 'errors'), '0');
    if (cause === undefined || cause === null || chain.includes(cause)) break;
    chain.push(cause);
  }
  return chain;
}

const MAX_CAUSES = 8;

/** The code of the innermost cause that has one; '' where none has. */
function codeOf(chain: readonly unknown[]): string {
  const codes = chain.map((error) => fieldOf(error, 'code'));
  return codes.findLast((code): code is string => typeof code === 'string' && code !== '') ?? '';
}

/** What the innermost cause says, with its code, without the host: the message names it. */
function detailOf(chain: readonly unknown[], code: string, url?: string): string {
  const texts = chain.map(thrownText);
  const innermost = texts.findLast((text) => text.trim() !== '') ?? '';
  const reason = withoutUrl(innermost.replace(OPENSSL, '$1'));
  const text = withoutHost(reason, url);
  // Node writes the system call before the code.
  const at = text.indexOf(code);
  return at >= 0 ? text.slice(at) : `${code} ${text}`.trimEnd();
}

/** `…:error:0A00010B:SSL routines:function:reason:file:line:` */
const OPENSSL = /^.*?:SSL routines:[^:]*:([^:]*).*$/s;

/** Deno writes `error sending request for url (http://host/path): …`. */
function withoutUrl(text: string): string {
  const at = text.indexOf(' for url (');
  const end = text.indexOf('): ', at);
  return at === -1 || end === -1 ? text : text.slice(0, at) + text.slice(end + 1);
}

function withoutHost(text: string, url: string | undefined): string {
  if (url === undefined) return text;
  const hostname = new URL(url).hostname.replace('[', '').replace(']', '');
  const at = text.lastIndexOf(' ');
  const last = text.slice(at + 1);
  const isHost = last === hostname || last.startsWith(`${hostname}:`);
  return at > 0 && isHost ? text.slice(0, at) : text;
}

function nameOf(error: unknown): string {
  return String(fieldOf(error, 'name'));
}

/** Anything can be thrown: a proxy, or an object whose getters throw. */
function fieldOf(value: unknown, name: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}
