import { describe, expect, it } from 'vitest';
import * as errors from '../../src/errors.js';
import { fromErrorData, toErrorData } from '../../src/sync/serialize-error.js';

const { AnthropicError, APITimeoutError, APIConnectionError, OverloadedError } = errors;

/** An error as it gets to the other thread. */
const cross = (error: unknown): errors.AnthropicError =>
  fromErrorData(structuredClone(toErrorData(error)));

const DETAILS: errors.APIErrorDetails = {
  requestId: 'req_1',
  status: 418,
  type: 'teapot_error',
  headers: new Headers([
    ['x-a', '1'],
    ['set-cookie', 'a'],
    ['set-cookie', 'b'],
  ]),
  body: { type: 'error', error: { type: 'teapot_error', message: 'short and stout' } },
};

const classes = Object.values(errors).filter(
  (value): value is typeof errors.APIError =>
    typeof value === 'function' && value.prototype instanceof Error,
);

it('knows all classes', () => {
  expect(classes.length).toBeGreaterThan(18);
});

describe.each(classes.map((Class) => [Class.prototype.name, Class] as const))(
  '%s',
  (_name, Class) => {
    it('crosses with all that it has', () => {
      const error =
        (Class as unknown) === APITimeoutError
          ? new APITimeoutError('why', 'stall', DETAILS)
          : new Class('why', DETAILS);
      const crossed = cross(error);
      expect(crossed.constructor).toBe(Class);
      for (const field of [
        'name',
        'message',
        'reason',
        'retryable',
        'requestId',
        'phase',
      ] as const) {
        expect(Reflect.get(crossed, field)).toBe(Reflect.get(error, field));
      }
      if (!(error instanceof errors.APIError)) return;
      const { status, type, body, headers } = crossed as errors.APIError;
      expect({ status, type, body }).toEqual({
        status: error.status,
        type: error.type,
        body: error.body,
      });
      expect([...(headers ?? [])]).toEqual([...(error.headers ?? [])]);
    });
  },
);

it('has the stack of who asks, and is one error for one object', () => {
  function whoAsks(): errors.AnthropicError {
    return fromErrorData(data);
  }
  const data = structuredClone(toErrorData(new OverloadedError('busy')));
  const error = whoAsks();
  expect(error.stack).toMatch(/^OverloadedError: busy\n\s+at .*\n[\s\S]*whoAsks/);
  expect(fromErrorData(data)).toBe(error);
});

it('is written again where context was added since', () => {
  const error = new OverloadedError('busy');
  expect(toErrorData(error)).toBe(toErrorData(error));
  toErrorData(error);
  errors.addContext(error, { requestId: 'req_2' });
  expect(cross(error).requestId).toBe('req_2');
});

it('says whether a retry may help, whatever the class says by itself', () => {
  expect(cross(new AnthropicError('why', {}, true)).retryable).toBe(true);
  expect(cross(new APIConnectionError('why', {}, false)).retryable).toBe(false);
});

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', port: 1 });
const several = Object.assign(new AggregateError([refused, new TypeError('no')], 'all'), {
  code: 'X',
});
const circle = new Error('round');
circle.cause = circle;
const strange = Object.assign(new Error('odd'), { handle: () => {} });

const CAUSES: [name: string, cause: unknown, expected: unknown][] = [
  [
    'an error with a code',
    refused,
    { message: 'connect ECONNREFUSED', code: 'ECONNREFUSED', port: 1 },
  ],
  [
    'several errors',
    several,
    { message: 'all', code: 'X', errors: [{ code: 'ECONNREFUSED' }, { name: 'TypeError' }] },
  ],
  ['a chain', new Error('outer', { cause: refused }), { cause: { code: 'ECONNREFUSED' } }],
  [
    'an AnthropicError',
    new OverloadedError('busy', { status: 529 }),
    { name: 'OverloadedError', status: 529 },
  ],
  ['a circle', circle, { message: 'round', cause: { message: 'round' } }],
  ['a text', 'just so', 'just so'],
  ['an object', { a: [1] }, { a: [1] }],
  ['a function', Math.max, 'function max() { [native code] }'],
  ['an error with what cannot cross', strange, { handle: '() => {}' }],
];

it.each(CAUSES)('its cause crosses: %s', (_name, cause, expected) => {
  const crossed = cross(new APIConnectionError('why', { cause })).cause;
  if (typeof expected === 'string') expect(crossed).toBe(expected);
  else expect(crossed).toMatchObject(expected as object);
  if (cause instanceof Error) expect((crossed as Error).stack).toContain((cause as Error).message);
});

it('a foreign error becomes an AnthropicError', () => {
  expect(cross(new TypeError('oops'))).toMatchObject({
    name: 'AnthropicError',
    message: 'oops',
    cause: { name: 'TypeError', message: 'oops' },
  });
});
