import {
  AnthropicError,
  APIConnectionError,
  APIStatusError,
  APITimeoutError,
  AuthenticationError,
  InternalServerError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
  RequestTimeoutError,
  StreamProtocolError,
  StreamTruncatedError,
} from '../index.js';

/** A code that the command ends with. */
export interface ExitCode {
  readonly code: number;
  readonly when: string;
  /** These errors, and what is derived from them and has no line of its own. */
  readonly errors?: readonly { readonly prototype: AnthropicError; readonly name: string }[];
}

export const DONE = 0;
export const FAILED = 1;
export const USAGE = 2;
export const NOTHING_TO_EXTRACT = 11;

/** What signals end the command with: 128 and their number, as shells have it. */
export const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** All of them. The help and the documentation show this table. */
export const EXIT_CODES: readonly ExitCode[] = [
  { code: DONE, when: 'the answer is complete' },
  { code: FAILED, when: 'any other failure', errors: [AnthropicError] },
  { code: USAGE, when: 'the command line is wrong, or a file that it names' },
  { code: 3, when: 'the request was refused', errors: [APIStatusError] },
  {
    code: 4,
    when: 'the key was refused',
    errors: [AuthenticationError, PaymentRequiredError, PermissionDeniedError],
  },
  { code: 5, when: 'too many requests', errors: [RateLimitError] },
  {
    code: 6,
    when: 'the API failed or is overloaded',
    errors: [InternalServerError, RequestTimeoutError],
  },
  { code: 7, when: 'no connection, or a lost one', errors: [APIConnectionError] },
  { code: 8, when: 'a timeout ran out', errors: [APITimeoutError] },
  { code: 9, when: 'the answer was cut', errors: [StreamTruncatedError] },
  { code: 10, when: 'what came is not the protocol', errors: [StreamProtocolError] },
  { code: NOTHING_TO_EXTRACT, when: '--extract, and there is no fenced block in the answer' },
  { code: SIGNAL_CODES.SIGINT, when: 'Ctrl-C; what came is printed' },
  { code: SIGNAL_CODES.SIGTERM, when: 'SIGTERM; what came is printed' },
];

const CODES: ReadonlyMap<object, number> = new Map(
  EXIT_CODES.flatMap(({ code, errors = [] }) =>
    errors.map(({ prototype }) => [prototype, code] as const),
  ),
);

/** The code of the nearest class that has one. */
export function exitCodeOf(error: AnthropicError): number {
  let of: object | null = Object.getPrototypeOf(error);
  while (of !== null && !CODES.has(of)) of = Object.getPrototypeOf(of);
  return (of && CODES.get(of)) ?? FAILED;
}
