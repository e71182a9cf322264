import { describe, expect, it } from 'vitest';
import { eventError, isErrorBody, statusError } from '../src/error-body.js';
import * as errors from '../src/errors.js';
import { fromRelayedBody } from '../src/relayed-error.js';
import { toRelayedBody } from '../src/stream/to-relayed-body.js';
import type { ErrorBody } from '../src/wire/errors.js';

const body = (type: string, message = 'why', more: object = {}): ErrorBody => ({
  type: 'error',
  error: { type, message },
  ...more,
});

/** WIRE, Errors. */
const TABLE: readonly [status: number, type: string, Class: typeof errors.APIStatusError][] = [
  [400, 'invalid_request_error', errors.BadRequestError],
  [401, 'authentication_error', errors.AuthenticationError],
  [402, 'billing_error', errors.PaymentRequiredError],
  [403, 'permission_error', errors.PermissionDeniedError],
  [404, 'not_found_error', errors.NotFoundError],
  [408, 'timeout_error', errors.RequestTimeoutError],
  [409, 'conflict_error', errors.ConflictError],
  [413, 'request_too_large', errors.RequestTooLargeError],
  [429, 'rate_limit_error', errors.RateLimitError],
  [500, 'api_error', errors.InternalServerError],
  [529, 'overloaded_error', errors.OverloadedError],
];

describe('a status', () => {
  const more: typeof TABLE = [
    [412, 'new_error', errors.PreconditionFailedError],
    [422, 'invalid_request_error', errors.UnprocessableEntityError],
    [431, 'new_error', errors.RequestHeaderFieldsTooLargeError],
    [499, 'new_error', errors.ClientClosedRequestError],
    [501, 'api_error', errors.NotImplementedError],
    [503, 'api_error', errors.ServiceUnavailableError],
    [504, 'timeout_error', errors.GatewayTimeoutError],
    [502, 'api_error', errors.InternalServerError],
    [599, 'api_error', errors.InternalServerError],
    [418, 'new_error', errors.APIStatusError],
    [302, 'new_error', errors.APIStatusError],
  ];
  it.each([...TABLE, ...more])('%i %s', (status, type, Class) => {
    const headers = new Headers({ 'request-id': 'req_1' });
    const error = statusError(status, body(type), headers);
    expect(error.constructor).toBe(Class);
    expect(error).toMatchObject({ status, type, requestId: 'req_1', body: body(type) });
    expect(error.headers).toBe(headers);
    expect(error.message).toBe(`HTTP ${status} ${type}: why (request req_1)`);
  });

  const others: readonly [body: unknown, message: string][] = [
    ['', 'HTTP 502'],
    ['<html>\n  <h1>Bad\tGateway</h1>\n', 'HTTP 502 <html> <h1>Bad Gateway</h1>'],
    ['x'.repeat(1_000), `HTTP 502 ${'x'.repeat(200)}…`],
    [{ message: 'no' }, 'HTTP 502 {"message":"no"}'],
    [{ error: 'no' }, 'HTTP 502 {"error":"no"}'],
    [{ error: { type: 'x' } }, 'HTTP 502 {"error":{"type":"x"}}'],
    [null, 'HTTP 502 null'],
    [undefined, 'HTTP 502'],
  ];
  it.each(others)('with another body: %j', (other, message) => {
    const error = statusError(502, other);
    expect(error.constructor).toBe(errors.InternalServerError);
    expect(error).toMatchObject({ message, body: other, type: undefined, requestId: undefined });
  });

  it('takes the id of the request from the body, where no header has it', () => {
    const said = body('api_error', 'why', { request_id: 'req_2' });
    expect(statusError(500, said).requestId).toBe('req_2');
    expect(statusError(500, said, new Headers()).requestId).toBe('req_2');
    expect(statusError(500, said, new Headers({ 'request-id': 'req_1' })).requestId).toBe('req_1');
    expect(
      statusError(500, body('api_error', 'why', { request_id: null })).requestId,
    ).toBeUndefined();
  });

  it('does as x-should-retry says', () => {
    const told = (value: string): Headers => new Headers({ 'x-should-retry': value });
    expect(statusError(529, body('overloaded_error'), told('false')).retryable).toBe(false);
    expect(statusError(400, body('invalid_request_error'), told('true')).retryable).toBe(true);
  });
});

describe('an error event', () => {
  it.each(TABLE)('stands for %i: %s', (status, type, Class) => {
    const error = eventError(body(type, 'why', { request_id: 'req_1' }));
    expect(error.constructor).toBe(Class);
    expect(error).toMatchObject({ status, type, requestId: 'req_1', reason: `${type}: why` });
    expect(error.retryable).toBe(statusError(status, body(type)).retryable);
  });

  it.each<[body: unknown, Class: typeof errors.APIStatusError, status?: number]>([
    [
      { error: { error: { type: 'overloaded_error', message: 'why' } } },
      errors.OverloadedError,
      529,
    ],
    [
      [{ error: { code: 503, message: 'why', status: 'UNAVAILABLE' } }],
      errors.ServiceUnavailableError,
      503,
    ],
    [
      { error: { message: 'why', type: 'requests', code: 'rate_limit_exceeded' } },
      errors.RateLimitError,
      429,
    ],
    [
      { error: { message: 'why', type: 'server_error', code: null } },
      errors.InternalServerError,
      500,
    ],
    [{ error: { message: 'why', status: 'RESOURCE_EXHAUSTED' } }, errors.RateLimitError, 429],
    [
      { error: { message: 'why', type: 'invalid_request', code: 'model_not_found' } },
      errors.APIStatusError,
    ],
  ])('of another server: %j', (other, Class, status) => {
    const error = eventError(other);
    expect(error.constructor).toBe(Class);
    expect(error.status).toBe(status);
    expect(error.retryable).toBe(status !== undefined);
    expect(error.reason).toMatch(/why$/);
  });

  it('of an unknown type stands for no status', () => {
    const error = eventError(body('brand_new_error'), new Headers({ 'request-id': 'req_1' }));
    expect(error.constructor).toBe(errors.APIStatusError);
    expect(error).toMatchObject({
      status: undefined,
      type: 'brand_new_error',
      retryable: false,
      message: 'brand_new_error: why (request req_1)',
    });
  });

  it.each([[{ type: 'error' }], [{ type: 'error', error: null }], [{ error: {} }], [null], ['no']])(
    'that is none is a broken protocol: %j',
    (other) => {
      const error = eventError(other);
      expect(error.constructor).toBe(errors.StreamProtocolError);
      const shown = typeof other === 'string' ? other : JSON.stringify(other);
      expect(error.message).toBe(`an error event without an error: ${shown}`);
    },
  );
});

it('isErrorBody tells by the type and message of the error', () => {
  expect(isErrorBody(body('x'))).toBe(true);
  expect(isErrorBody({ error: { type: 'x', message: 'y' } })).toBe(true);
  for (const other of [undefined, null, 'x', 7, {}, { error: 'x' }, { error: { type: 'x' } }]) {
    expect(isErrorBody(other)).toBe(false);
  }
});

/** With its own text. */
const relayed = (error: errors.AnthropicError) => toRelayedBody(error, false);

describe('an error that is relayed with its own text comes out as the same class', () => {
  const { APITimeoutError } = errors;
  const own: readonly errors.AnthropicError[] = [
    new errors.AnthropicError('misused'),
    new errors.StreamProtocolError('what?'),
    new errors.StreamTruncatedError('short'),
    new errors.APIConnectionError('reset'),
    new errors.APIUserAbortError(),
    new APITimeoutError('late', 'response'),
    new APITimeoutError('late', 'idle'),
    new APITimeoutError('late', 'stall'),
    new APITimeoutError('late', 'total'),
    // From a gateway, whose body is not the API's.
    ...[...TABLE.map(([status]) => status), 418, 422, 502, 503].map((status) =>
      statusError(status, ''),
    ),
  ];
  it.each(own.map((error) => [error.name, error] as const))('%s: %s', (_, error) => {
    const travelled = JSON.parse(JSON.stringify(relayed(error)));
    const again = fromRelayedBody(travelled);
    expect(again.constructor).toBe(error.constructor);
    expect(again.retryable).toBe(error.retryable);
    expect(again.message).toContain(error.reason);
    expect(relayed(again)).toEqual(travelled);
    if (error instanceof APITimeoutError) expect(again).toMatchObject({ phase: error.phase });
  });

  it.each(TABLE)('%i %s', (status, type) => {
    for (const error of [statusError(status, body(type)), eventError(body(type))]) {
      const again = fromRelayedBody(relayed(error));
      expect(again.constructor).toBe(error.constructor);
      expect(again).toMatchObject({ status, type, reason: `${type}: why` });
    }
  });

  it.each([
    [422, 'invalid_request_error', errors.UnprocessableEntityError],
    [503, 'overloaded_error', errors.ServiceUnavailableError],
    [418, 'brand_new_error', errors.APIStatusError],
  ] as const)('%i %s, whose type stands for another status', (status, type, Class) => {
    const travelled = relayed(statusError(status, body(type)));
    expect(travelled).toEqual({ ...body(type), status });
    const again = fromRelayedBody(travelled);
    expect(again.constructor).toBe(Class);
    expect(again).toMatchObject({ status, type, retryable: status >= 500 });
  });

  it.each(['error', 200, 4.5, null])('a status that is none is not taken for one: %j', (status) => {
    expect(eventError({ ...body('api_error'), status })).toMatchObject({ status: 500 });
  });

  it('an error of the API travels as it came', () => {
    const came = body('brand_new_error', 'why', { request_id: 'req_1' });
    const withDetails = { ...came, error: { ...came.error, details: { limit: 3 } } };
    expect(relayed(eventError(withDetails))).toEqual(withDetails);
  });

  it('with the id of its request, without the message so far', () => {
    const error = errors.addContext(new errors.APIConnectionError('reset'), {
      requestId: 'req_1',
      partialMessage: { content: [] } as unknown as NonNullable<
        errors.ErrorContext['partialMessage']
      >,
    });
    expect(relayed(error)).toEqual({
      type: 'error',
      error: { type: 'connection_error', message: 'reset' },
      request_id: 'req_1',
    });
  });
});

describe('a client-side error that is relayed without its own text', () => {
  const secret = 'vault said: token abcdefgh at http://user:pass@10.0.0.7';
  it.each([
    new errors.AnthropicError(secret),
    new errors.StreamProtocolError(secret),
    new errors.StreamTruncatedError(secret),
    new errors.APIConnectionError(secret),
    new errors.APIUserAbortError(secret),
    new errors.APITimeoutError(secret, 'idle'),
    // A page of a proxy, or a redirect.
    statusError(502, `<html>${secret}</html>`),
    statusError(302, secret),
    statusError(400, { message: secret }),
  ])('$name: keeps its class and nothing else', (error) => {
    const body = toRelayedBody(error, true);
    expect(JSON.stringify(body)).not.toMatch(/vault|token|user:|10\.0/);
    expect(body.error.message).toMatch(/^(the|request)/);
    expect(fromRelayedBody(body).constructor).toBe(error.constructor);
  });

  it('an error of the API keeps its text', () => {
    const error = statusError(401, body('authentication_error', 'invalid x-api-key'));
    expect(toRelayedBody(error, true)).toEqual(body('authentication_error', 'invalid x-api-key'));
  });
});

describe('a stream of the API', () => {
  it.each([
    'user_abort_error',
    'total_timeout_error',
    'idle_timeout_error',
    'connection_error',
    'stream_truncated_error',
    'stream_protocol_error',
    'anthropic_error',
  ])('cannot forge a client-side error: %s', (type) => {
    const error = eventError(body(type), undefined, 200);
    expect(error.constructor).toBe(errors.APIStatusError);
    expect(error).toMatchObject({ type, status: undefined, httpStatus: 200, retryable: false });
  });
});

describe('what the API said', () => {
  it('is there by field', () => {
    const details = { error_code: 'image_dimensions_too_large', limit: 8000 };
    const came = body('invalid_request_error', 'too large');
    const error = statusError(400, { ...came, error: { ...came.error, details } });
    expect(error).toMatchObject({
      apiMessage: 'too large',
      errorCode: 'image_dimensions_too_large',
      details,
      httpStatus: 400,
    });
  });

  it.each([undefined, null, 'text', { error: 'text' }, { error: null }, { error: { details: 7 } }])(
    'is undefined in %j',
    (body) => {
      const error = statusError(500, body);
      expect([error.apiMessage, error.errorCode, error.details]).toEqual(Array(3).fill(undefined));
    },
  );
});
