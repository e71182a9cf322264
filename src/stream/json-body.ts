import { excerpt, isErrorBody } from '../error-body.js';
import { type AnthropicError, StreamProtocolError, StreamTruncatedError } from '../errors.js';
import { JsonLimitError, parseJson } from '../json/parse-json.js';
import { toEvents } from '../message/to-events.js';
import type { InputState } from '../message/tool-input.js';
import { unprovenCall } from '../message/unproven-call.js';
import type { UntypedEvent } from '../message/untyped.js';
import type { ResponseHead } from '../transport/port.js';
import { undecodedError } from '../transport/undecoded.js';
import type { Message } from '../wire/message.js';

/** Makes the error of an error body that came with a good status. */
export type ReadError = (body: unknown, headers: Headers, httpStatus: number) => AnthropicError;

/**
 * The events of a body that contains none. Gateways respond with JSON where an event stream was asked
 * for, status 200: a whole message, or an error.
 * @throws AnthropicError for any other body.
 */
export function eventsOfOtherBody(
  text: string,
  head: ResponseHead,
  readError: ReadError,
): UntypedEvent[] {
  if (text.trimStart().startsWith('{')) return eventsOfJson(text, head, readError);
  throw notEvents(text, head);
}

function eventsOfJson(text: string, head: ResponseHead, readError: ReadError): UntypedEvent[] {
  let body: unknown;
  try {
    body = parseJson(text);
  } catch (cause) {
    if (cause instanceof JsonLimitError) {
      throw new StreamProtocolError(`the body is JSON that ${cause.message}`, { cause });
    }
    throw new StreamTruncatedError(`the body is JSON without its end: ${excerpt(text)}`, { cause });
  }
  if (isErrorBody(body)) throw readError(body, head.headers(), head.status);
  if (isMessage(body)) return toEvents(withOpenCall(body)) as UntypedEvent[];
  throw notEvents(text, head);
}

/** A call that may be cut gets no stop: it must not look finished, and is not run. */
function withOpenCall(message: Message): Message {
  const call = unprovenCall(message);
  if (call === undefined) return message;
  const inputState: InputState = { status: 'open', json: JSON.stringify(call.input) ?? '' };
  const content = [...message.content.slice(0, -1), { ...call, inputState }];
  return { ...message, content: content as unknown as Message['content'] };
}

function isMessage(body: unknown): body is Message {
  const { type, content } = (body ?? {}) as { type?: unknown; content?: unknown };
  if (type !== 'message' || !Array.isArray(content)) return false;
  return content.every((block) => typeof block?.type === 'string');
}

function notEvents(text: string, head: ResponseHead): AnthropicError {
  const undecoded = undecodedError(text, head);
  if (undecoded !== undefined) return undecoded;
  const type = head.header('content-type') ?? 'text/event-stream';
  if (type.includes('event-stream')) {
    return new StreamTruncatedError('the body ended before the first event');
  }
  return new StreamProtocolError(`the body is ${type}, not an event stream: ${excerpt(text)}`);
}
