import { describe, expect, it } from 'vitest';
import {
  AnthropicError,
  APIConnectionError,
  APIError,
  APITimeoutError,
  APIUserAbortError,
  StreamProtocolError,
} from '../../src/errors.js';
import { connectionError } from '../../src/transport/connection-error.js';
import { NETWORK_TYPE_ERRORS, requestError } from '../../src/transport/request-error.js';

const { signal } = new AbortController();
const coded = (code: string, message: string, cause?: unknown, Class = Error): Error =>
  Object.assign(new Class(message, { cause }), { code });
const HOSTILE = new Proxy(
  {},
  {
    get: () => {
      throw new Error('get');
    },
    getPrototypeOf: () => {
      throw new Error('getPrototypeOf');
    },
  },
);

describe('failures of a connection', () => {
  const url = 'https://api.example.com/v1/messages';
  const refused = coded('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:443');
  const cases: readonly [error: unknown, message: string][] = [
    [refused, 'ECONNREFUSED 10.0.0.1:443'],
    [new TypeError('fetch failed', { cause: refused }), 'ECONNREFUSED 10.0.0.1:443'],
    [new TypeError('a', { cause: new Error('b', { cause: coded('EPIPE', 'c') }) }), 'EPIPE c'],
    [coded('ENOTFOUND', 'getaddrinfo ENOTFOUND api.example.com'), 'ENOTFOUND'],
    [coded('ECONNREFUSED', 'connect ECONNREFUSED api.example.com:443'), 'ECONNREFUSED'],
    [coded('ECONNRESET', 'read ECONNRESET'), 'ECONNRESET'],
    [coded('ECONNREFUSED', ''), 'ECONNREFUSED'],
    [
      Object.assign(new AggregateError([refused, coded('ENETUNREACH', 'x')]), {
        code: 'ECONNREFUSED',
      }),
      'ECONNREFUSED 10.0.0.1:443',
    ],
    [
      new TypeError('fetch failed', { cause: coded('UND_ERR_SOCKET', 'other side closed') }),
      'UND_ERR_SOCKET other side closed',
    ],
    [new TypeError('terminated'), 'terminated'],
    [new TypeError('terminated', { cause: null }), 'terminated'],
    [new Error('a proxy of mine is down'), 'a proxy of mine is down'],
    ['just text', 'just text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Symbol('odd'), 'Symbol(odd)'],
    [Object.create(null), 'a value that has no text'],
    [HOSTILE, 'a value that has no text'],
  ];
  it.each(cases)('%#', (error, message) => {
    const before = requestError(error, { signal, url });
    expect(before).toBeInstanceOf(APIConnectionError);
    expect(before).not.toBeInstanceOf(APITimeoutError);
    expect(before).toMatchObject({
      message: `no connection to api.example.com: ${message}`,
      retryable: true,
    });
    expect(before.cause).toBe(error);
    const after = connectionError(error, { signal, url });
    expect(after.message).toBe(
      `the connection to api.example.com broke in the middle of the response: ${message}`,
    );
    const elsewhere = connectionError(error, { signal });
    expect(elsewhere.message).toMatch(/^the connection broke in the middle of the response: /);
  });

  it.each([
    [
      'http://127.0.0.1:9/',
      'connect ECONNREFUSED 127.0.0.1:9',
      'no connection to 127.0.0.1:9: ECONNREFUSED',
    ],
    ['http://[::1]:9/', 'connect ECONNREFUSED ::1:9', 'no connection to [::1]:9: ECONNREFUSED'],
  ])('the host is named once: %s', (url, text, message) => {
    const error = requestError(coded('ECONNREFUSED', text), { signal, url });
    expect(error.message).toBe(message);
  });

  it('whose causes go round', () => {
    const error = new Error('round');
    error.cause = error;
    const made = requestError(error, { signal });
    expect(made.message).toBe('no connection: round');
  });
});

describe('network failures of each platform', () => {
  it.each(NETWORK_TYPE_ERRORS)('%s', (message) => {
    const error = new TypeError(`${message}, and more`);
    const made = requestError(error, { signal });
    expect(made).toBeInstanceOf(APIConnectionError);
    const isCertificate = message.includes('certificate');
    expect(made.retryable).toBe(!isCertificate);
  });

  it('as each platform throws them', () => {
    const bun = coded(
      'ConnectionRefused',
      'Unable to connect. Is the computer able to access the url?',
    );
    const deno = new TypeError(
      'error sending request for url (http://localhost:1/v1): client error (Connect): tcp connect error: Connection refused (os error 111)',
    );
    const firefox = new TypeError('NetworkError when attempting to fetch resource.');
    const url = 'http://localhost:1/v1';
    expect(
      [bun, deno, firefox].map((error) => {
        const { name, message } = requestError(error, { signal, url });
        return `${name}: ${message}`;
      }),
    ).toEqual([
      'APIConnectionError: no connection to localhost:1: ConnectionRefused Unable to connect. Is the computer able to access the url?',
      'APIConnectionError: no connection to localhost:1: error sending request: client error (Connect): tcp connect error: Connection refused (os error 111)',
      'APIConnectionError: no connection to localhost:1: NetworkError when attempting to fetch resource.',
    ]);
  });
});

describe('failures that another try would meet too', () => {
  const openssl =
    'write EPROTO 00E8D4:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/x.c:354:\n';
  it.each<[error: Error, text: string, hint: string]>([
    [
      coded('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'),
      'self-signed',
      'NODE_EXTRA_CA_CERTS',
    ],
    [
      coded('CERT_HAS_EXPIRED', 'certificate has expired'),
      'CERT_HAS_EXPIRED',
      'NODE_EXTRA_CA_CERTS',
    ],
    [coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'x'), 'UNABLE_TO', 'NODE_EXTRA_CA_CERTS'],
    [
      coded('ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP doesn't match"),
      'ALTNAME',
      'NODE_EXTRA_CA_CERTS',
    ],
    [
      new TypeError('error sending request: invalid peer certificate: UnknownIssuer'),
      'UnknownIssuer',
      'NODE_EXTRA_CA_CERTS',
    ],
    [coded('EPROTO', openssl), 'EPROTO wrong version number.', 'another protocol'],
    [
      coded('HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/'),
      'Expected HTTP/',
      'another protocol',
    ],
    [
      coded('ERR_SSL_PACKET_LENGTH_TOO_LONG', 'packet length too long'),
      'too long',
      'another protocol',
    ],
  ])('%s', (error, text, hint) => {
    for (const thrown of [error, new TypeError('fetch failed', { cause: error })]) {
      const made = requestError(thrown, { signal });
      expect(made).toBeInstanceOf(APIConnectionError);
      expect(made.retryable).toBe(false);
      expect(made.message).toContain(text);
      expect(made.message).toContain(hint);
    }
    // Once there was a response, it was the right protocol.
    expect(connectionError(error, { signal }).retryable).toBe(true);
  });
});

describe('mistakes in the request, or in a custom fetch', () => {
  it.each<[error: Error, message: string]>([
    [
      coded('ERR_INVALID_URL', 'Invalid URL', undefined, TypeError),
      'invalid request: ERR_INVALID_URL',
    ],
    [
      coded(
        'ERR_INVALID_HTTP_TOKEN',
        'Header name must be a valid HTTP token ["a b"]',
        undefined,
        TypeError,
      ),
      'invalid request: ERR_INVALID_HTTP_TOKEN Header name',
    ],
    [
      new TypeError('fetch failed', {
        cause: coded('UND_ERR_INVALID_ARG', 'invalid connection header'),
      }),
      'invalid request: UND_ERR_INVALID_ARG invalid connection header',
    ],
    [
      new TypeError('x.map is not a function'),
      'fetch threw TypeError: x.map is not a function. A fetch must resolve',
    ],
    [
      new ReferenceError('y is not defined'),
      'fetch threw ReferenceError: y is not defined. A fetch must resolve',
    ],
    [
      new TypeError('Failed to fetch the token from my cache'.slice(10)),
      'fetch threw TypeError: fetch the token',
    ],
  ])('%s', (error, message) => {
    const made = requestError(error, { signal });
    expect(made).toBeInstanceOf(AnthropicError);
    expect(made).not.toBeInstanceOf(APIError);
    expect(made.retryable).toBe(false);
    expect(made.message).toContain(message);
    expect(made.cause).toBe(error);
  });
});

describe("the platform's own timeouts are timeouts", () => {
  const codes = [
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
    'UND_ERR_CONNECT_TIMEOUT',
    'ETIMEDOUT',
  ];
  it.each(codes)('%s', (code) => {
    for (const error of [
      coded(code, 'late'),
      new TypeError('terminated', { cause: coded(code, 'late') }),
    ]) {
      for (const [phase, toError] of [
        ['response', requestError],
        ['idle', connectionError],
      ] as const) {
        const mapped = toError(error, { signal });
        expect(mapped).toBeInstanceOf(APITimeoutError);
        expect(mapped).toMatchObject({
          phase,
          retryable: true,
          message: `the platform's own limit was reached: ${code}`,
        });
        expect(mapped.cause).toBe(error);
      }
    }
  });
});

describe('what is known better is thrown', () => {
  it('an AnthropicError', () => {
    const error = new StreamProtocolError('what?');
    expect(connectionError(error, { signal })).toBe(error);
  });

  it('the reason why we closed the connection ourselves', () => {
    const reason = new APIUserAbortError();
    const aborted = AbortSignal.abort(reason);
    expect(connectionError(coded('ECONNRESET', 'aborted'), { signal: aborted })).toBe(reason);
    expect(connectionError(new StreamProtocolError('what?'), { signal: aborted })).toBe(reason);
  });

  it('unless that reason is a foreign value', () => {
    const aborted = AbortSignal.abort('gone');
    expect(connectionError(new Error('x'), { signal: aborted })).toBeInstanceOf(APIConnectionError);
  });
});
