import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EXIT_CODES, getExitCode } from '../../src/cli/exit-codes.js';
import * as errors from '../../src/errors.js';

/** All classes of errors, made with what each of them takes. */
const CLASSES = Object.entries(errors).filter(([name]) => name.endsWith('Error')) as unknown as [
  string,
  new (reason: string, more?: unknown) => errors.AnthropicError,
][];

const CODES: Readonly<Record<string, number>> = {
  AnthropicError: 1,
  APIError: 1,
  APIStatusError: 3,
  BadRequestError: 3,
  AuthenticationError: 4,
  PaymentRequiredError: 4,
  PermissionDeniedError: 4,
  NotFoundError: 3,
  RequestTimeoutError: 6,
  ConflictError: 3,
  PreconditionFailedError: 3,
  RequestTooLargeError: 3,
  RequestHeaderFieldsTooLargeError: 3,
  ClientClosedRequestError: 3,
  UnprocessableEntityError: 3,
  RateLimitError: 5,
  InternalServerError: 6,
  NotImplementedError: 6,
  ServiceUnavailableError: 6,
  GatewayTimeoutError: 6,
  OverloadedError: 6,
  APIConnectionError: 7,
  APITimeoutError: 8,
  StreamTruncatedError: 9,
  ProducerLostError: 7,
  APIUserAbortError: 1,
  StreamProtocolError: 10,
};

const made = CLASSES.filter(([name]) => name in CODES);

it('knows every class of errors', () => {
  const names = CLASSES.map(([name]) => name).filter((name) => /^[A-Z]/.test(name));
  expect(names.sort()).toEqual(Object.keys(CODES).sort());
});

it.each(made)('%s has its code', (name, Class) => {
  expect(getExitCode(new Class('no'))).toBe(CODES[name]);
});

it('names each code once', () => {
  const codes = EXIT_CODES.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

it('docs/command.md has the table', () => {
  const page = readFileSync(new URL('../../docs/command.md', import.meta.url), 'utf8');
  const rows = EXIT_CODES.map(({ code, when, errors = [] }) => {
    const names = errors.map(({ name }) => name).join(', ');
    return `| ${code} | ${when} |${names === '' ? '' : ` ${names}`} |`;
  });
  expect(page).toContain(rows.join('\n'));
});
