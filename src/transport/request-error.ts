import { AnthropicError, APIConnectionError } from '../errors.js';
import { thrownText } from '../thrown.js';
import { type FailedRequest, failureOf, fieldOf } from './connection-error.js';
import { FETCH_CONTRACT } from './fetch-contract.js';

/**
 * A failure of the platform before a response, as an AnthropicError: of the network (APIConnectionError, final where
 * the next try would meet the same), of the caller's code (a plain AnthropicError), or the known error itself.
 */
export function requestError(error: unknown, request: FailedRequest): AnthropicError {
  const failure = failureOf(error, request, 'response');
  if (failure instanceof AnthropicError) return failure;
  const { code, detail, host, because } = failure;
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
  'NetworkError when', 'Error in input', // Firefox
  'Load failed', 'The network', 'The Internet', 'Could not connect', // Safari
  'A server with', 'The certificate for', 'An SSL error', // Safari
  'error sending request', 'client error', 'connection error', 'error trying to connect', // Deno
  'Unable to connect', 'The socket connection', 'Was there a typo', // Bun
  'Network ', // workerd ("connection lost"), React Native ("request failed")
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

function nameOf(error: unknown): string {
  return String(fieldOf(error, 'name'));
}
