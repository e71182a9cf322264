import { eventError, excerpt, isErrorBody } from '../error-body.js';
import { type AnthropicError, StreamProtocolError, StreamTruncatedError } from '../errors.js';
import { toEvents } from '../message/to-events.js';
import type { UntypedEvent } from '../message/untyped.js';
import type { ResponseHead } from '../transport/port.js';
import type { Message } from '../wire/message.js';

/**
 * The events of a body that contains none. Gateways respond with JSON where an event stream was asked
 * for, status 200: a whole message, or an error.
 * @throws AnthropicError for any other body.
 */
export function eventsOfOtherBody(text: string, head: ResponseHead): UntypedEvent[] {
  if (text.trimStart().startsWith('{')) return eventsOfJson(text, head);
  throw notEvents(text, head);
}

function eventsOfJson(text: string, head: ResponseHead): UntypedEvent[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new StreamTruncatedError(`the body is JSON without its end: ${excerpt(text)}`, { cause });
  }
  if (isErrorBody(body)) throw eventError(body, head.headers());
  if (isMessage(body)) return toEvents(body) as UntypedEvent[];
  throw notEvents(text, head);
}

function isMessage(body: unknown): body is Message {
  const { type, content } = (body ?? {}) as { type?: unknown; content?: unknown };
  if (type !== 'message' || !Array.isArray(content)) return false;
  return content.every((block) => typeof block?.type === 'string');
}

function notEvents(text: string, head: ResponseHead): AnthropicError {
  const type = head.header('content-type') ?? 'text/event-stream';
  if (type.includes('event-stream')) {
    return new StreamTruncatedError('the body ended before the first event');
  }
  return new StreamProtocolError(`the body is ${type}, not an event stream: ${excerpt(text)}`);
}
