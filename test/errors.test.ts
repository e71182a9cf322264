import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as errors from '../src/errors.js';
import type { Message } from '../src/wire/message.js';

const {
  addContext,
  AnthropicError,
  APIError,
  APIConnectionError,
  APIStatusError,
  APITimeoutError,
  APIUserAbortError,
  asAnthropicError,
} = errors;

type Parent =
  | 'AnthropicError'
  | 'APIError'
  | 'APIStatusError'
  | 'APIConnectionError'
  | 'InternalServerError'
  | 'Error';

/** DESIGN, Errors: each class, what it extends, and whether it is retryable by default. */
const CLASSES: readonly [
  name: string,
  parent: Parent,
  make: () => errors.AnthropicError,
  retryable: boolean,
][] = [
  ['AnthropicError', 'Error', () => new AnthropicError('x'), false],
  ['APIError', 'AnthropicError', () => new APIError('x'), false],
  ['StreamProtocolError', 'APIError', () => new errors.StreamProtocolError('x'), false],
  ['APIStatusError', 'APIError', () => new APIStatusError('x'), false],
  [
    'BadRequestError',
    'APIStatusError',
    () => new errors.BadRequestError('x', { status: 400 }),
    false,
  ],
  [
    'AuthenticationError',
    'APIStatusError',
    () => new errors.AuthenticationError('x', { status: 401 }),
    false,
  ],
  [
    'PaymentRequiredError',
    'APIStatusError',
    () => new errors.PaymentRequiredError('x', { status: 402 }),
    false,
  ],
  [
    'PermissionDeniedError',
    'APIStatusError',
    () => new errors.PermissionDeniedError('x', { status: 403 }),
    false,
  ],
  [
    'PreconditionFailedError',
    'APIStatusError',
    () => new errors.PreconditionFailedError('x', { status: 412 }),
    false,
  ],
  [
    'RequestHeaderFieldsTooLargeError',
    'APIStatusError',
    () => new errors.RequestHeaderFieldsTooLargeError('x', { status: 431 }),
    false,
  ],
  [
    'ClientClosedRequestError',
    'APIStatusError',
    () => new errors.ClientClosedRequestError('x', { status: 499 }),
    false,
  ],
  [
    'NotImplementedError',
    'InternalServerError',
    () => new errors.NotImplementedError('x', { status: 501 }),
    true,
  ],
  [
    'ServiceUnavailableError',
    'InternalServerError',
    () => new errors.ServiceUnavailableError('x', { status: 503 }),
    true,
  ],
  [
    'GatewayTimeoutError',
    'InternalServerError',
    () => new errors.GatewayTimeoutError('x', { status: 504 }),
    true,
  ],
  ['NotFoundError', 'APIStatusError', () => new errors.NotFoundError('x', { status: 404 }), false],
  [
    'RequestTimeoutError',
    'APIStatusError',
    () => new errors.RequestTimeoutError('x', { status: 408 }),
    true,
  ],
  ['ConflictError', 'APIStatusError', () => new errors.ConflictError('x', { status: 409 }), true],
  [
    'RequestTooLargeError',
    'APIStatusError',
    () => new errors.RequestTooLargeError('x', { status: 413 }),
    false,
  ],
  [
    'UnprocessableEntityError',
    'APIStatusError',
    () => new errors.UnprocessableEntityError('x', { status: 422 }),
    false,
  ],
  ['RateLimitError', 'APIStatusError', () => new errors.RateLimitError('x', { status: 429 }), true],
  [
    'InternalServerError',
    'APIStatusError',
    () => new errors.InternalServerError('x', { status: 500 }),
    true,
  ],
  [
    'OverloadedError',
    'InternalServerError',
    () => new errors.OverloadedError('x', { status: 529 }),
    true,
  ],
  ['APIConnectionError', 'APIError', () => new APIConnectionError('x'), true],
  ['APITimeoutError', 'APIConnectionError', () => new APITimeoutError('x', 'idle'), true],
  ['StreamTruncatedError', 'APIConnectionError', () => new errors.StreamTruncatedError('x'), true],
  ['ProducerLostError', 'APIConnectionError', () => new errors.ProducerLostError('x'), true],
  ['APIUserAbortError', 'APIError', () => new APIUserAbortError(), false],
];

const byName: ReadonlyMap<string, unknown> = new Map(Object.entries(errors));

describe('every class', () => {
  it.each(CLASSES)('%s extends %s', (name, parent, make, retryable) => {
    const error = make();
    const Class = byName.get(name);
    const Parent = parent === 'Error' ? Error : byName.get(parent);
    expect(error.constructor).toBe(Class);
    expect(Object.getPrototypeOf(error.constructor)).toBe(Parent);
    expect(error).toBeInstanceOf(AnthropicError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(name);
    expect(error.retryable).toBe(retryable);
    expect(String(error)).toBe(`${name}: ${error.message}`);
    expect(error.stack).toContain(`${name}: ${error.message}`);
    expect(Object.keys(error)).not.toContain('name');
  });

  it.each(CLASSES)('the name of %s can be assigned to', (name, _, make) => {
    const error = Object.assign(make(), { name: 'Mine' });
    expect([error.name, String(error)]).toEqual(['Mine', `Mine: ${error.message}`]);
    expect(make().name).toBe(name);
  });

  it('is in the table', () => {
    const exported = Object.entries(errors).filter(([, value]) => value.prototype instanceof Error);
    expect(exported.map(([name]) => name).sort()).toEqual(CLASSES.map(([name]) => name).sort());
  });

  it('carries what it is given, and undefined for the rest', () => {
    const headers = new Headers({ 'request-id': 'req_1' });
    const cause = new Error('before');
    const error = new APIStatusError('x', {
      status: 418,
      type: 'teapot',
      headers,
      body: { a: 1 },
      requestId: 'req_1',
      cause,
    });
    expect(error).toMatchObject({
      status: 418,
      type: 'teapot',
      body: { a: 1 },
      requestId: 'req_1',
    });
    expect([error.headers, error.cause, error.reason]).toEqual([headers, cause, 'x']);
    const bare = new APIStatusError('x');
    for (const field of [
      'status',
      'type',
      'headers',
      'body',
      'requestId',
      'partialMessage',
    ] as const) {
      expect(bare).toHaveProperty(field, undefined);
    }
    expect('cause' in bare).toBe(false);
  });
});

describe('whether an error is retryable', () => {
  const cases: readonly [
    status: number | undefined,
    header: string | undefined,
    retryable: boolean,
  ][] = [
    [undefined, undefined, false],
    [400, undefined, false],
    [408, undefined, true],
    [409, undefined, true],
    [418, undefined, false],
    [425, undefined, false],
    [429, undefined, true],
    [499, undefined, false],
    [500, undefined, true],
    [503, undefined, true],
    [599, undefined, true],
    [400, 'true', true],
    [529, 'false', false],
    [529, 'true', true],
    [400, 'false', false],
    [400, 'yes', false],
    [529, '', true],
  ];
  it.each(cases)('status %s, x-should-retry %s: %s', (status, header, retryable) => {
    const headers = new Headers(header === undefined ? {} : { 'x-should-retry': header });
    expect(new APIStatusError('x', { status, headers }).retryable).toBe(retryable);
  });

  it.each(['response', 'idle', 'stall', 'total'] as const)('%s timeout', (phase) => {
    const error = new APITimeoutError('x', phase);
    expect([error.phase, error.retryable]).toEqual([phase, phase !== 'total']);
  });
});

const message = (...content: object[]): Message =>
  ({ type: 'message', role: 'assistant', content }) as unknown as Message;
const partialMessage = message(
  { type: 'thinking', thinking: 'hmm', signature: 's'.repeat(99) },
  { type: 'tool_use', id: 'a', name: 'f', input: { long: 'x'.repeat(99) } },
  { type: 'text', text: 'Hello' },
);

describe('the message is one line: what, to which request, after how much', () => {
  const cases: readonly [context: errors.ErrorContext, message: string][] = [
    [{}, 'reset'],
    [{ requestId: 'req_1' }, 'reset (request req_1)'],
    [{ partialMessage: message() }, 'reset (after no content)'],
    [
      { partialMessage: message({ type: 'text', text: 'Hi' }) },
      'reset (after 2 characters in 1 block)',
    ],
    [
      { requestId: 'req_1', partialMessage },
      'reset (request req_1, after 8 characters in 3 blocks)',
    ],
    [
      { partialMessage: message({ type: 'brand_new', text: 7 }) },
      'reset (after 0 characters in 1 block)',
    ],
  ];
  it.each(cases)('%#: %s', (context, expected) => {
    expect(new APIConnectionError('reset', context).message).toBe(expected);
    const later = new APIConnectionError('reset');
    expect(addContext(later, context)).toBe(later);
    expect(later.message).toBe(expected);
    expect(later.requestId).toBe(context.requestId);
    expect(later.partialMessage).toBe(context.partialMessage);
  });

  it.each(['a\nb', 'a \r\n  b\n', '\n\na\n\nb'])('%j', (reason) => {
    const error = new AnthropicError(reason, { requestId: 'req_1' });
    expect(error.message).toBe('a b (request req_1)');
    expect(error.reason).toBe(reason);
  });
});

describe('addContext', () => {
  it('rewrites the message in the stack', () => {
    const error = new APIConnectionError('cost $& and $1');
    const frames = error.stack?.split('\n').slice(1);
    addContext(error, { requestId: 'req_$&' });
    addContext(error, { partialMessage: message() });
    expect(error.stack?.split('\n')).toEqual([
      'APIConnectionError: cost $& and $1 (request req_$&, after no content)',
      ...(frames ?? []),
    ]);
  });

  it('leaves what is known, and takes what is not', () => {
    const error = new APIConnectionError('reset', { requestId: 'req_1' });
    addContext(error, { requestId: 'req_2', partialMessage });
    addContext(error, { requestId: 'req_3', partialMessage: message() });
    expect(error.requestId).toBe('req_1');
    expect(error.partialMessage).toBe(partialMessage);
    expect(error.message).toBe('reset (request req_1, after 8 characters in 3 blocks)');
  });

  it('changes nothing where there is nothing to add', () => {
    const error = new APIConnectionError('reset');
    const { stack } = error;
    expect(addContext(error, {})).toBe(error);
    expect([error.message, error.stack]).toEqual(['reset', stack]);
  });
});

describe('printed', () => {
  const secret = 'x'.repeat(5_000);
  const error = addContext(
    new errors.OverloadedError('overloaded_error: Overloaded', {
      status: 529,
      type: 'overloaded_error',
      requestId: 'req_1',
      headers: new Headers({ 'x-long': secret }),
      body: { secret },
    }),
    { partialMessage: message({ type: 'text', text: secret }) },
  );

  it('an error shows neither the message, the body nor the headers', () => {
    const printed = inspect(error, { depth: 10 });
    expect(printed).toContain(
      'OverloadedError: overloaded_error: Overloaded (request req_1, after 5000',
    );
    expect(printed).toContain('status: 529');
    expect(printed).not.toContain('xxx');
    expect(printed).not.toMatch(/partialMessage|headers|body|reason|retryable/);
    const withoutStack = printed.split('\n').filter((line) => !/^\s+at /.test(line));
    expect(withoutStack.join('\n').length).toBeLessThan(200);
  });

  it('as JSON neither', () => {
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      requestId: 'req_1',
      status: 529,
      type: 'overloaded_error',
    });
  });

  it('but they are there', () => {
    expect(error.partialMessage?.content).toEqual([{ type: 'text', text: secret }]);
    expect(error.body).toEqual({ secret });
    expect(error.headers?.get('x-long')).toBe(secret);
  });
});

describe('asAnthropicError', () => {
  it('leaves ours as they are', () => {
    const error = new APIUserAbortError();
    expect(asAnthropicError(error)).toBe(error);
  });

  it.each<[thrown: unknown, message: string]>([
    [new TypeError('x is not a function'), 'x is not a function'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
  ])('%s becomes the cause of one', (thrown, expected) => {
    const error = asAnthropicError(thrown);
    expect(error.constructor).toBe(AnthropicError);
    expect([error.message, error.cause, error.retryable]).toEqual([expected, thrown, false]);
  });
});
