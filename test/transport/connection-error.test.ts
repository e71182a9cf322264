import { describe, expect, it } from 'vitest';
import {
  APIConnectionError,
  APITimeoutError,
  APIUserAbortError,
  StreamProtocolError,
} from '../../src/errors.js';
import { connectionError } from '../../src/transport/connection-error.js';

const { signal } = new AbortController();
const coded = (code: string, message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code });

describe('failures of a connection', () => {
  const refused = coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:9');
  const cases: readonly [error: unknown, message: string][] = [
    [refused, 'ECONNREFUSED connect ECONNREFUSED 127.0.0.1:9'],
    [new TypeError('fetch failed', { cause: refused }), 'ECONNREFUSED fetch failed'],
    [
      new TypeError('a', { cause: new Error('b', { cause: coded('ENOTFOUND', 'c') }) }),
      'ENOTFOUND a',
    ],
    [coded('ECONNREFUSED', ''), 'ECONNREFUSED'],
    [new TypeError('terminated'), 'terminated'],
    [new TypeError('terminated', { cause: null }), 'terminated'],
    ['just text', 'just text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [
      coded('EPROTO', 'wrong version number:\n  in ssl3_get_record\n'),
      'EPROTO wrong version number: in ssl3_get_record',
    ],
  ];
  it.each(cases)('%s', (error, message) => {
    const before = connectionError(error, 'response', signal);
    expect(before).toBeInstanceOf(APIConnectionError);
    expect(before).not.toBeInstanceOf(APITimeoutError);
    expect(before).toMatchObject({ message: `no connection: ${message}`, retryable: true });
    expect(before.cause).toBe(error);
    const after = connectionError(error, 'idle', signal);
    expect(after.message).toBe(`the connection broke in the middle of the response: ${message}`);
  });

  it('whose causes go round', () => {
    const error = new Error('round');
    error.cause = error;
    expect(connectionError(error, 'response', signal).message).toBe('no connection: round');
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
      for (const phase of ['response', 'idle'] as const) {
        const mapped = connectionError(error, phase, signal);
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
    expect(connectionError(error, 'idle', signal)).toBe(error);
  });

  it('the reason why we closed the connection ourselves', () => {
    const reason = new APIUserAbortError();
    const aborted = AbortSignal.abort(reason);
    expect(connectionError(coded('ECONNRESET', 'aborted'), 'idle', aborted)).toBe(reason);
    expect(connectionError(new StreamProtocolError('what?'), 'idle', aborted)).toBe(reason);
  });

  it('unless that reason is a foreign value', () => {
    const aborted = AbortSignal.abort('gone');
    expect(connectionError(new Error('x'), 'idle', aborted)).toBeInstanceOf(APIConnectionError);
  });
});
