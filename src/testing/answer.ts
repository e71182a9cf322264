import { accumulate } from '../message/accumulate.js';
import { encodeEvent } from '../sse/encode.js';
import type { ErrorBody } from '../wire/errors.js';
import type { RawMessageStreamEvent } from '../wire/events.js';
import { type EmulatedError, emulatedError, errorBody, scriptError } from './api-error.js';
import { eventsOf } from './events-of.js';
import { messageOf } from './message-of.js';
import type { RawEvent, Reply } from './reply.js';
import type { EmulatorParams } from './request.js';

/** A response before it is one. Its chunks are made as they are taken. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: Iterable<string>;
}

/** The request that a reply is for. */
export interface Question {
  readonly params: EmulatorParams;
  readonly requestId: string;
  /** Counts the replies of the emulator, from 1. */
  readonly number: number;
}

/** The answer that a reply is to a request: events where it asked for a stream, else a message. */
export function answer(reply: Reply, question: Question): Answer {
  return (answers[reply.kind] as (reply: Reply, question: Question) => Answer)(reply, question);
}

/** Whether there is an answer for something; a reply function may return anything. */
export function isReply(value: unknown): value is Reply {
  const { kind } = (value ?? {}) as { kind?: unknown };
  return typeof kind === 'string' && Object.hasOwn(answers, kind);
}

const answers: {
  [K in Reply['kind']]: (reply: Extract<Reply, { kind: K }>, question: Question) => Answer;
} = {
  content: (reply, { params, requestId, number }) => {
    const { error, blocks } = reply;
    const isOnlyError = error !== undefined && (blocks.length === 0 || !params.stream);
    if (isOnlyError) return errorAnswer(error, requestId);
    const message = messageOf(reply, params, number);
    if (!params.stream) return jsonAnswer(message, requestId);
    const broken = error === undefined ? undefined : errorBody(error, requestId);
    return streamAnswer(eventsOf(message, broken), requestId);
  },

  message: ({ message }, { params, requestId }) =>
    params.stream ? streamAnswer(eventsOf(message), requestId) : jsonAnswer(message, requestId),

  events: ({ events }, { params, requestId }) =>
    params.stream ? streamAnswer(events, requestId) : collected(events, requestId),

  error: ({ error }, { requestId }) => errorAnswer(error, requestId),
};

/** One JSON document. */
export function jsonAnswer(body: unknown, requestId: string, status = 200): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'request-id': requestId },
    chunks: [JSON.stringify(body)],
  };
}

export function errorAnswer(error: EmulatedError, requestId: string): Answer {
  const { headers, ...rest } = jsonAnswer(errorBody(error, requestId), requestId, error.status);
  return { ...rest, headers: { ...headers, ...error.headers } };
}

function streamAnswer(events: Iterable<RawEvent>, requestId: string): Answer {
  return {
    status: 200,
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'request-id': requestId,
    },
    chunks: encoded(events, requestId),
  };
}

function* encoded(
  events: Iterable<RawEvent>,
  requestId: string,
): Generator<string, void, undefined> {
  try {
    for (const event of events) yield encode(event);
  } catch (error) {
    yield encode(errorBody(scriptError(`the reply failed: ${error}`), requestId));
  }
}

function encode(event: RawEvent): string {
  return encodeEvent({ event: event.type, data: JSON.stringify(event) });
}

/** Raw events for a request without a stream. */
function collected(events: Iterable<RawEvent>, requestId: string): Answer {
  try {
    const all = [...events] as RawMessageStreamEvent[];
    const failure = all.find(({ type }) => type === 'error') as ErrorBody | undefined;
    if (failure !== undefined) {
      const { type, message } = failure.error;
      return errorAnswer(emulatedError(type, message), requestId);
    }
    const message = accumulate(all);
    if (message !== undefined) return jsonAnswer(message, requestId);
    throw new Error('there is no message_start among them');
  } catch (error) {
    const problem = `the events of reply.events make no message: ${error}`;
    return errorAnswer(scriptError(problem), requestId);
  }
}
