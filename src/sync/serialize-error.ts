import * as errors from '../errors.js';
import type { Message } from '../wire/message.js';

/** An AnthropicError as plain data, to cross from one thread to the other. */
export interface ErrorData {
  name: string;
  reason: string;
  retryable: boolean;
  requestId: string | undefined;
  status?: number | undefined;
  httpStatus?: number | undefined;
  type?: string | undefined;
  headers?: [name: string, value: string][] | undefined;
  body?: unknown;
  phase?: errors.TimeoutPhase;
  /** Of a request that the other thread reads to its end. */
  partialMessage?: Message | undefined;
  cause?: CauseData;
}

/** The cause of an error: an AnthropicError, another error, or any value. */
type CauseData = { ours: ErrorData } | { error: ForeignError } | { value: unknown };

interface ForeignError {
  name: string;
  message: string;
  stack: string | undefined;
  /** What else it carries, such as `code`. */
  fields: Record<string, unknown>;
  causes: CauseData[];
}

/**
 * A thrown value as data. Without `partialMessage`: the side that reads a stream has the message itself, and
 * adds it.
 */
export function toErrorData(thrown: unknown): ErrorData {
  return dataOf(errors.asAnthropicError(thrown), 0);
}

/**
 * The same error again: its class, its fields, and the stack of the first caller. One error for one
 * object: what is reported twice in a message is thrown and listed as one.
 */
export function fromErrorData(data: ErrorData): errors.AnthropicError {
  const known = made.get(data);
  if (known !== undefined) return known;
  const error = make(data);
  made.set(data, error);
  return error;
}

const made = new WeakMap<ErrorData, errors.AnthropicError>();
const written = new WeakMap<errors.AnthropicError, ErrorData>();

function make(data: ErrorData): errors.AnthropicError {
  const { reason, retryable, requestId, status, httpStatus, type, headers, body, cause } = data;
  const details: errors.APIErrorDetails = {
    requestId,
    status,
    httpStatus,
    type,
    headers: headers && new Headers(headers),
    body,
    partialMessage: data.partialMessage,
    ...(cause === undefined ? {} : { cause: causeOf(cause) }),
  };
  const Class = classes.get(data.name) ?? errors.AnthropicError;
  const error =
    data.phase === undefined
      ? new Class(reason, details)
      : new errors.APITimeoutError(reason, data.phase, details);
  return Object.defineProperty(error, 'retryable', { value: retryable });
}

type ErrorClass = new (reason: string, details: errors.APIErrorDetails) => errors.AnthropicError;

const classes: ReadonlyMap<string, ErrorClass> = new Map(
  Object.values(errors as Record<string, unknown>)
    .filter((value): value is ErrorClass => isErrorClass(value))
    .map((Class) => [Class.prototype.name, Class]),
);

function isErrorClass(value: unknown): boolean {
  return typeof value === 'function' && value.prototype instanceof Error;
}

/** Causes can go round in a circle. */
const DEEPEST_CAUSE = 8;

function dataOf(error: errors.AnthropicError, depth: number): ErrorData {
  const known = written.get(error);
  // Context may have been added since.
  if (known !== undefined && known.requestId === error.requestId) return known;
  const { name, reason, retryable, requestId, cause } = error;
  const data: ErrorData = { name, reason, retryable, requestId };
  if (error instanceof errors.APIError) {
    const { status, httpStatus, type, headers, body } = error;
    Object.assign(data, { status, httpStatus, type, headers: headers && [...headers], body });
  }
  if (error instanceof errors.APITimeoutError) data.phase = error.phase;
  if (cause !== undefined && depth < DEEPEST_CAUSE) data.cause = causeData(cause, depth + 1);
  written.set(error, data);
  return data;
}

function causeData(cause: unknown, depth: number): CauseData {
  if (cause instanceof errors.AnthropicError) return { ours: dataOf(cause, depth) };
  if (!(cause instanceof Error)) return { value: cloneable(cause) };
  const { name, message, stack } = cause;
  const fields = Object.entries(cause).filter(([field]) => !(field in NOT_FIELDS));
  const inner = [cause.cause, ...((cause as AggregateError).errors ?? [])];
  const causes = depth < DEEPEST_CAUSE ? inner.map((each) => causeData(each, depth + 1)) : [];
  return {
    error: {
      name,
      message,
      stack,
      fields: Object.fromEntries(fields.map(([field, value]) => [field, cloneable(value)])),
      causes,
    },
  };
}

const NOT_FIELDS = { cause: true, errors: true };

function causeOf(data: CauseData): unknown {
  if ('ours' in data) return fromErrorData(data.ours);
  if ('value' in data) return data.value;
  const { name, message, stack, fields, causes } = data.error;
  const [cause, ...several] = causes.map(causeOf);
  const error =
    several.length > 0
      ? new AggregateError(several, message)
      : new Error(message, cause === undefined ? {} : { cause });
  for (const [field, value] of Object.entries({ name, stack })) {
    Object.defineProperty(error, field, { value, configurable: true, writable: true });
  }
  return Object.assign(error, fields);
}

function cloneable(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return String(value);
  }
}
