import { expect, it } from 'vitest';
import { statusError } from '../src/error-body.js';
import * as millrace from '../src/index.js';
import { Anthropic } from '../src/index.js';

const exported: Readonly<Record<string, unknown>> = { ...millrace };

/** The error classes that `Anthropic` of the official SDK carries, and what each is here. */
// biome-ignore format: a table
const STATICS: readonly [name: keyof typeof Anthropic, here: string][] = [
  ['AnthropicError', 'AnthropicError'],
  ['APIError', 'APIError'],
  ['APIConnectionError', 'APIConnectionError'],
  ['APIConnectionTimeoutError', 'APITimeoutError'],
  ['APIUserAbortError', 'APIUserAbortError'],
  ['BadRequestError', 'BadRequestError'],
  ['AuthenticationError', 'AuthenticationError'],
  ['PaymentRequiredError', 'PaymentRequiredError'],
  ['PermissionDeniedError', 'PermissionDeniedError'],
  ['NotFoundError', 'NotFoundError'],
  ['RequestTimeoutError', 'RequestTimeoutError'],
  ['ConflictError', 'ConflictError'],
  ['ContentTooLargeError', 'RequestTooLargeError'],
  ['UnprocessableEntityError', 'UnprocessableEntityError'],
  ['RateLimitError', 'RateLimitError'],
  ['InternalServerError', 'InternalServerError'],
  ['OverloadedError', 'OverloadedError'],
  ['PreconditionFailedError', 'PreconditionFailedError'],
  ['RequestHeaderFieldsTooLargeError', 'RequestHeaderFieldsTooLargeError'],
  ['ClientClosedRequestError', 'ClientClosedRequestError'],
  ['NotImplementedError', 'NotImplementedError'],
  ['ServiceUnavailableError', 'ServiceUnavailableError'],
  ['GatewayTimeoutError', 'GatewayTimeoutError'],
];

it.each(STATICS)('Anthropic.%s is %s', (name, here) => {
  expect(Anthropic[name]).toBe(exported[here]);
  expect(exported[here]).toBeTypeOf('function');
});

it('carries nothing else: the namespace is types only', async () => {
  const names = STATICS.map(([name]) => name).sort();
  expect(Object.keys(Anthropic).sort()).toEqual(names);
  const built = await import(new URL('../dist/index.js', import.meta.url).href);
  expect(Object.keys(built.Anthropic).sort()).toEqual(names);
});

it('an error of the API is told by the statics', () => {
  const error = statusError(429, '');
  expect(error).toBeInstanceOf(Anthropic.RateLimitError);
  expect(error).toBeInstanceOf(Anthropic.APIError);
  expect(error).not.toBeInstanceOf(Anthropic.InternalServerError);
  expect(statusError(503, '')).toBeInstanceOf(Anthropic.ServiceUnavailableError);
});

it('is the default export too', () => {
  expect(millrace.default).toBe(Anthropic);
});
