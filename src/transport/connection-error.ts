import { AnthropicError, APIConnectionError, APITimeoutError } from '../errors.js';
import { thrownText } from '../thrown.js';
import type { CancelSignal } from './cancellation.js';

/** What is known of a request that failed. */
export interface FailedRequest {
  /** Its reason, where it is an AnthropicError, is what ended the request. */
  signal?: CancelSignal | undefined;
  url?: string | undefined;
  /** The name of the proxy on the way. */
  proxy?: string;
}

/** What a failure says. */
export interface Failure {
  /** '' where it has none. */
  code: string;
  detail: string;
  /** Ready to append. */
  host: string;
  because: { cause: unknown };
}

/**
 * A failure of the platform in the middle of a response, as an AnthropicError: of the network (APIConnectionError), or
 * the known error itself. See `requestError` for one before the response.
 */
export function connectionError(error: unknown, request: FailedRequest): AnthropicError {
  const failure = failureOf(error, request, 'idle');
  if (failure instanceof AnthropicError) return failure;
  const { host, detail, because } = failure;
  const what = `the connection${host} broke in the middle of the response: ${detail}`;
  return new APIConnectionError(what, because);
}

/** What a failure says; an error where that is known already. */
export function failureOf(
  error: unknown,
  { signal, url, proxy }: FailedRequest,
  phase: 'response' | 'idle',
): Failure | AnthropicError {
  if (signal?.aborted && signal.reason instanceof AnthropicError) return signal.reason;
  if (error instanceof AnthropicError) return error;
  const chain = causesOf(error);
  const code = codeOf(chain);
  const because = { cause: error };
  if (PLATFORM_TIMEOUT.test(code)) {
    return new APITimeoutError(`the platform's own limit was reached: ${code}`, phase, because);
  }
  const via = proxy === undefined ? '' : ` through the proxy ${proxy}`;
  const host = url === undefined ? '' : ` to ${new URL(url).host}${via}`;
  return { code, detail: detailOf(chain, code, url), host, because };
}

/** Node's own `fetch` gives up after 300 s, regardless of our clocks. */
const PLATFORM_TIMEOUT = /^(UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT|ETIMEDOUT)$/;

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

/** Anything can be thrown: a proxy, or an object whose getters throw. */
export function fieldOf(value: unknown, name: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}
