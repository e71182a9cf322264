import {
  AnthropicError,
  APIConnectionError,
  APIStatusError,
  APITimeoutError,
  AuthenticationError,
  InternalServerError,
  OutputError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
  RequestTimeoutError,
  StreamProtocolError,
  StreamTruncatedError,
} from '../index.js';

/** An exit code of the command. */
export interface ExitCode {
  readonly code: number;
  /** When the command exits with it. */
  readonly when: string;
  /** These errors, and derived classes that no other code lists. */
  readonly errors?: readonly { readonly prototype: AnthropicError; readonly name: string }[];
}

export const DONE = 0;
export const FAILED = 1;
export const USAGE = 2;
export const NOTHING_TO_EXTRACT = 11;

/** Exit codes of signals: 128 plus the number of the signal, as in shells. */
export const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** All exit codes. The help and the documentation show this table. */
export const EXIT_CODES: readonly ExitCode[] = [
  { code: DONE, when: 'the answer is complete' },
  { code: FAILED, when: 'any other failure', errors: [AnthropicError] },
  { code: USAGE, when: "the command line is invalid, or a file on it can't be used" },
  { code: 3, when: 'the API rejected the request', errors: [APIStatusError] },
  {
    code: 4,
    when: 'the API rejected the key',
    errors: [AuthenticationError, PaymentRequiredError, PermissionDeniedError],
  },
  { code: 5, when: 'too many requests', errors: [RateLimitError] },
  {
    code: 6,
    when: 'the API failed or is overloaded',
    errors: [InternalServerError, RequestTimeoutError],
  },
  { code: 7, when: 'there is no connection, or it was lost', errors: [APIConnectionError] },
  { code: 8, when: 'a timeout expired', errors: [APITimeoutError] },
  { code: 9, when: 'the answer was cut off', errors: [StreamTruncatedError] },
  { code: 10, when: 'the response violates the protocol', errors: [StreamProtocolError] },
  { code: NOTHING_TO_EXTRACT, when: '--extract, but the answer has no fenced code block' },
  { code: 12, when: "the answer doesn't fit the schema of --schema", errors: [OutputError] },
  { code: SIGNAL_CODES.SIGINT, when: 'Ctrl-C; the text received so far is printed' },
  { code: SIGNAL_CODES.SIGTERM, when: 'SIGTERM; the text received so far is printed' },
];

const CODES: ReadonlyMap<object, number> = new Map(
  EXIT_CODES.flatMap(({ code, errors = [] }) =>
    errors.map(({ prototype }) => [prototype, code] as const),
  ),
);

/** The code of the error's class, or of the nearest base class with a code. */
export function getExitCode(error: AnthropicError): number {
  let prototype: object | null = Object.getPrototypeOf(error);
  while (prototype !== null && !CODES.has(prototype)) prototype = Object.getPrototypeOf(prototype);
  return (prototype && CODES.get(prototype)) ?? FAILED;
}
