/** What a stream gave, whichever client read it. */
export interface Outcome {
  /** The types of the events. */
  events: string[];
  /** The text deltas, joined. */
  text: string;
  /** The message, or what there was of it; undefined for a stream that accumulates nothing. */
  message?: unknown;
  error?: unknown;
}

/** What a stream is to give. What is left out is not looked at, but the error: without one, none. */
export interface Expectation {
  events?: readonly string[];
  text?: string;
  /** Fields that the message must have, at any depth. */
  message?: object;
  error?: ExpectedError;
}

export interface ExpectedError {
  /** Of the class. */
  name: string;
  /** Where it is written, undefined says that the error must have none; so for those below. */
  status?: number | undefined;
  type?: string | undefined;
  retryable?: boolean;
  requestId?: string | undefined;
  /** The text of the error's `partialMessage`; null where it must have none. */
  partialText?: string | null;
}

/** How an outcome differs from what was expected, one line for each difference. */
export function differences(outcome: Outcome, expected: Expectation): string[] {
  const { partialText, ...error } = expected.error ?? {};
  return [
    ...given('events', outcome.events, expected.events),
    ...given('text', outcome.text, expected.text),
    ...given('message', outcome.message, expected.message),
    ...(expected.error === undefined
      ? differ('error', describe(outcome.error), undefined)
      : differ('error', outcome.error, error)),
    ...(outcome.error === undefined ? [] : differ('isAPIError', isAPIError(outcome.error), true)),
    ...given('error.partialMessage', partialTextOf(outcome.error), partialText),
  ];
}

function given(path: string, actual: unknown, expected: unknown): string[] {
  return expected === undefined ? [] : differ(path, actual, expected);
}

/** An object may have more than is expected of it, an array may not. */
function differ(path: string, actual: unknown, expected: unknown): string[] {
  if (typeof expected !== 'object' || expected === null) {
    return Object.is(actual, expected) ? [] : [`${path}: ${show(actual)}, not ${show(expected)}`];
  }
  if (typeof actual !== 'object' || actual === null) {
    return [`${path}: ${show(actual)}, not ${show(expected)}`];
  }
  const fields = actual as Record<string, unknown>;
  const parts = Object.entries(expected).flatMap(([field, value]) =>
    differ(`${path}.${field}`, fields[field], value),
  );
  if (!Array.isArray(expected)) return parts;
  const length = (actual as unknown[]).length;
  return [...differ(`${path}.length`, length, expected.length), ...parts];
}

/** Every failure of a stream is one. By its names: the classes of a build are others than those of the sources. */
function isAPIError(error: unknown): boolean {
  for (let type = Object.getPrototypeOf(error); type; type = Object.getPrototypeOf(type)) {
    if (type.name === 'APIError') return true;
  }
  return false;
}

/** null for an error without a partial message. */
function partialTextOf(error: unknown): string | null {
  const { partialMessage } = (error ?? {}) as { partialMessage?: { content: unknown[] } };
  return partialMessage === undefined ? null : textOf(partialMessage.content);
}

/** The text of the text blocks, joined. */
export function textOf(content: readonly unknown[]): string {
  const blocks = content as { type: string; text?: string }[];
  return blocks.map(({ type, text }) => (type === 'text' ? text : '')).join('');
}

function describe(error: unknown): unknown {
  return error instanceof Error ? `${error.name}: ${error.message}` : error;
}

function show(value: unknown): string {
  return value instanceof Error ? String(value) : (JSON.stringify(value) ?? String(value));
}
