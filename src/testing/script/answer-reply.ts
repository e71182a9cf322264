import { accumulate } from '../../message/accumulate.js';
import { withoutInputState } from '../../message/tool-input.js';
import type { UntypedEvent } from '../../message/untyped.js';
import { encodeEvent } from '../../sse/encode.js';
import type { AnyMessage } from '../../wire/beta.js';
import type { ErrorBody } from '../../wire/errors.js';
import type { RawMessageStreamEvent } from '../../wire/events.js';
import { type EmulatedError, emulatedError, errorBody, scriptError } from '../model/error.js';
import type { Fault } from '../model/fault.js';
import type { Ids } from '../model/ids.js';
import type { RawEvent, Reply } from '../model/reply.js';
import type { EmulatorParams } from '../model/request.js';
import { type Step, sent } from '../model/step.js';
import { type Pace, paced } from '../time/pace.js';
import { limited } from './limit-reply.js';
import { messageOf } from './to-message.js';
import { eventsOf } from './to-message-events.js';

/** A response before it is one. Its steps are made as they are taken. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: Iterable<Step> | AsyncIterable<Step>;
  /** The steps as a fetch shows them, where it would undo an encoding. */
  readonly plain?: Iterable<Step>;
  /** How long the headers take, in milliseconds. */
  readonly delay?: number;
  /** How the connection fails in place of a response; `silent`: it stays open, and nothing comes. */
  readonly failure?: 'refused' | 'reset' | 'silent';
}

/** The request that a reply is for. */
export interface Question {
  readonly params: EmulatorParams;
  readonly requestId: string;
  /** Counts the replies of the emulator, from 1. */
  readonly number: number;
  readonly ids: Ids;
  readonly pace: Pace | undefined;
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
  content: (reply, question) => {
    const { params, requestId, number, ids } = question;
    const { error, blocks } = reply;
    const isOnlyError = error !== undefined && (blocks.length === 0 || !params.stream);
    if (isOnlyError) return errorAnswer(error, requestId);
    const { reply: cut, isCut } = limited(reply, params);
    const message = messageOf(cut, params, number, ids);
    const broken = error === undefined || isCut ? undefined : errorBody(error, requestId);
    return messageAnswer(message, question, broken);
  },

  message: ({ message }, question) => messageAnswer(message, question),

  events: ({ events }, { params, requestId, number, pace }) =>
    params.stream
      ? paced(streamAnswer(events, requestId), pace, number)
      : paced(collected(events, requestId), pace, number),

  raw: ({ status, headers, steps }, { requestId }) => ({
    status,
    headers: { 'request-id': requestId, ...headers },
    steps,
  }),

  faulty: ({ reply, faults }, question) => withFaults(answer(reply, question), faults, question),

  paced: ({ reply, pace }, question) => answer(reply, { ...question, pace }),

  error: ({ error }, { requestId }) => errorAnswer(error, requestId),
};

/** An answer with faults, each done to what the one before left. */
export function withFaults(
  whole: Answer,
  faults: readonly Fault[],
  question: Pick<Question, 'requestId'>,
): Answer {
  return faults.reduce((answer, fault) => fault.apply(answer, question.requestId), whole);
}

/** One JSON document. */
export function jsonAnswer(body: unknown, requestId: string, status = 200): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'request-id': requestId },
    steps: [sent(JSON.stringify(body))],
  };
}

export function errorAnswer(error: EmulatedError, requestId: string): Answer {
  const { headers, ...rest } = jsonAnswer(errorBody(error, requestId), requestId, error.status);
  return { ...rest, headers: { ...headers, ...error.headers } };
}

function messageAnswer(
  message: AnyMessage,
  { params, requestId, number, pace }: Question,
  broken?: ErrorBody,
): Answer {
  const whole = params.stream
    ? streamAnswer(eventsOf(message, broken), requestId)
    : jsonAnswer(withoutInputStates(message), requestId);
  return paced(whole, pace, number);
}

/** A message as the API sends it in one piece: an invalid input is `{}`. */
function withoutInputStates(message: AnyMessage): object {
  return { ...message, content: message.content.map((block) => withoutInputState(block)) };
}

function streamAnswer(events: Iterable<RawEvent>, requestId: string): Answer {
  return {
    status: 200,
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'request-id': requestId,
    },
    steps: encoded(events, requestId),
  };
}

function* encoded(events: Iterable<RawEvent>, requestId: string): Generator<Step, void, undefined> {
  try {
    for (const event of events) yield encode(event);
  } catch (error) {
    yield encode({ ...errorBody(scriptError(`the reply failed: ${error}`), requestId) });
  }
}

/** An event as the API sends it. */
export function encode(event: RawEvent): Step {
  const text = encodeEvent({ event: event.type, data: JSON.stringify(event) });
  return sent(text, event as UntypedEvent);
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
