import { AnthropicError, APIConnectionError, APITimeoutError } from '../errors.js';
import { isError, thrownText } from '../thrown.js';
import { FETCH_CONTRACT } from './fetch-contract.js';

/** What is known of a request that failed. */
export interface FailedRequest {
  /** What was waited for. */
  phase: 'response' | 'idle';
  /** Its reason, where it is an AnthropicError, is what ended the request. */
  signal: AbortSignal;
  url?: string | undefined;
}

/**
 * A failure of the platform as an AnthropicError: of the network (APIConnectionError, final where the next
 * try would meet the same), of the caller's code (a plain AnthropicError), or the known error itself.
 */
export function connectionError(error: unknown, request: FailedRequest): AnthropicError {
  const { phase, signal, url } = request;
  if (signal.aborted && isOurs(signal.reason)) return signal.reason;
  if (isOurs(error)) return error;
  const chain = causesOf(error);
  const code = codeOf(chain);
  if (code !== undefined && PLATFORM_TIMEOUTS.has(code)) {
    return new APITimeoutError(`the platform's own limit was reached: ${code}`, phase, {
      cause: error,
    });
  }
  const detail = detailOf(chain, code, url);
  if (phase === 'idle') {
    const what = `the connection${url === undefined ? '' : ` to ${hostOf(url)}`} broke`;
    return new APIConnectionError(`${what} in the middle of the response: ${detail}`, {
      cause: error,
    });
  }
  if (isMisuse(error, code)) {
    const what = isPlatformCode(code)
      ? `invalid request: ${detail}`
      : `fetch threw ${nameOf(error)}: ${detail}. ${FETCH_CONTRACT}`;
    return new AnthropicError(what, { cause: error });
  }
  const advice = adviceFor(code, detail);
  const what = `no connection${url === undefined ? '' : ` to ${hostOf(url)}`}: ${detail}`;
  return new APIConnectionError(
    advice === undefined ? what : `${what}. ${advice}`,
    { cause: error },
    advice === undefined,
  );
}

/** Node's own `fetch` gives up after 300 s, regardless of our clocks. */
const PLATFORM_TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
]);

/**
 * How platforms begin the message of the TypeError that stands for a failure of the network. Any other
 * TypeError is a mistake in the request, or in a custom `fetch`.
 */
export const NETWORK_TYPE_ERRORS: readonly (readonly [platform: string, message: string])[] = [
  ['Node', 'fetch failed'],
  ['Node', 'terminated'],
  ['Chromium', 'Failed to fetch'],
  ['Chromium', 'network error'],
  ['Firefox', 'NetworkError when'],
  ['Firefox', 'Error in input stream'],
  ['Safari', 'Load failed'],
  ['Safari', 'The network connection was lost'],
  ['Safari', 'The Internet connection appears to be offline'],
  ['Safari', 'Could not connect to the server'],
  ['Safari', 'A server with the specified hostname could not be found'],
  ['Safari', 'The certificate for this server is invalid'],
  ['Safari', 'An SSL error has occurred'],
  ['Deno', 'error sending request'],
  ['Deno', 'client error'],
  ['Deno', 'connection error'],
  ['Deno', 'error trying to connect'],
  ['Bun', 'Unable to connect'],
  ['Bun', 'The socket connection was closed unexpectedly'],
  ['Bun', 'Was there a typo in the url or port?'],
  ['workerd', 'Network connection lost'],
  ['React Native', 'Network request failed'],
];

const MISTAKES: ReadonlySet<string> = new Set([
  'TypeError',
  'ReferenceError',
  'RangeError',
  'SyntaxError',
]);

function isMisuse(error: unknown, code: string | undefined): boolean {
  if (isPlatformCode(code)) return true;
  if (!MISTAKES.has(nameOf(error)) || code !== undefined) return false;
  const text = thrownText(error);
  return !NETWORK_TYPE_ERRORS.some(([, message]) => text.startsWith(message));
}

/** Codes for what the platform refuses to send, such as ERR_INVALID_URL; the others are of the network. */
function isPlatformCode(code = ''): boolean {
  if (code.startsWith('UND_ERR_INVALID') || code === 'UND_ERR_NOT_SUPPORTED') return true;
  return (
    code.startsWith('ERR_') &&
    !code.startsWith('ERR_TLS_') &&
    !code.startsWith('ERR_SSL_') &&
    !NETWORK_ERR_CODES.has(code)
  );
}

const NETWORK_ERR_CODES: ReadonlySet<string> = new Set([
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'ERR_SOCKET_CLOSED',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
  'ERR_PROXY_TUNNEL',
]);

/** What makes a failure final: the next try would meet it too. */
function adviceFor(code: string | undefined, detail: string): string | undefined {
  if (isCertificate(code, detail)) {
    return 'If a private CA or a proxy issued the certificate, set NODE_EXTRA_CA_CERTS to the file of its root certificate';
  }
  if (code === 'EPROTO' || code === 'HPE_INVALID_CONSTANT' || code?.startsWith('ERR_SSL_')) {
    return 'The server speaks another protocol: check the scheme and the port of baseURL';
  }
  return detail === 'bad port' ? 'fetch refuses this port: use another' : undefined;
}

/** OpenSSL's codes for certificates whose name doesn't say so. */
const CERTIFICATE_CODES: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
]);

function isCertificate(code = '', detail: string): boolean {
  return (
    CERTIFICATE_CODES.has(code) ||
    code.split('_').includes('CERT') ||
    detail.toLowerCase().includes('certificate')
  );
}

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

function codeOf(chain: readonly unknown[]): string | undefined {
  const codes = chain.map((error) => fieldOf(error, 'code'));
  return codes.findLast((code): code is string => typeof code === 'string' && code !== '');
}

/** What the innermost cause says, with its code, without the host: the message names it. */
function detailOf(chain: readonly unknown[], code: string | undefined, url?: string): string {
  const texts = chain.map(thrownText);
  const innermost = texts.findLast((text) => text.trim() !== '') ?? '';
  const text = withoutHost(withoutUrl(opensslReason(innermost)), url);
  if (code === undefined) return text;
  // Node writes the system call before the code.
  const at = text.indexOf(code);
  return at >= 0 ? text.slice(at) : `${code} ${text}`.trimEnd();
}

/** OpenSSL writes `…:error:0A00010B:SSL routines:function:reason:file:line:`. */
function opensslReason(text: string): string {
  const parts = text.split(':');
  const at = parts.indexOf('SSL routines');
  return (at < 0 ? undefined : parts[at + 2]) ?? text;
}

/** Deno writes `error sending request for url (http://host/path): …`. */
function withoutUrl(text: string): string {
  const [before, after] = [text.indexOf(' for url ('), text.indexOf('): ')];
  return before < 0 || after < before ? text : text.slice(0, before) + text.slice(after + 1);
}

function withoutHost(text: string, url: string | undefined): string {
  if (url === undefined) return text;
  const hostname = new URL(url).hostname.replace('[', '').replace(']', '');
  const at = text.lastIndexOf(' ');
  const last = text.slice(at + 1);
  const isHost = last === hostname || last.startsWith(`${hostname}:`);
  return at > 0 && isHost ? text.slice(0, at) : text;
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function nameOf(error: unknown): string {
  return String(fieldOf(error, 'name'));
}

function isOurs(error: unknown): error is AnthropicError {
  return isError(error) && error instanceof AnthropicError;
}

/** Anything can be thrown: a proxy, or an object whose getters throw. */
function fieldOf(value: unknown, name: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}
