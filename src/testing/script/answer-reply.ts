import { accumulate } from '../../message/accumulate.js';
import type { AnyMessage } from '../../wire/beta.js';
import type { ErrorBody } from '../../wire/errors.js';
import type { RawMessageStreamEvent } from '../../wire/events.js';
import { type Answer, toErrorAnswer, toJsonAnswer, toMessageBody } from '../model/answer.js';
import { toEmulatedError, toErrorBody, toScriptError } from '../model/error.js';
import type { Fault } from '../model/fault.js';
import type { Ids } from '../model/ids.js';
import type { Pace, Reply } from '../model/reply.js';
import type { EmulatorParams } from '../model/request.js';
import { type RawEvent, type Step, toEventStep } from '../model/step.js';
import { applyPace } from '../time/pace.js';
import { limitReply } from './limit-reply.js';
import type { CacheUse } from './prompt-cache.js';
import { toMessage } from './to-message.js';
import { toMessageEvents } from './to-message-events.js';

/** The request that a reply answers. */
export interface ReplyContext {
  readonly params: EmulatorParams;
  readonly requestId: string;
  /** Counts the replies of the emulator, from 1. */
  readonly number: number;
  readonly ids: Ids;
  readonly pace: Pace | undefined;
  readonly cache: CacheUse;
}

/** The answer for a reply: an event stream if the request asked for one, otherwise a message. */
export function answerReply(reply: Reply, context: ReplyContext): Answer {
  return (ANSWERS[reply.kind] as (reply: Reply, context: ReplyContext) => Answer)(reply, context);
}

/** Whether a value is a reply: a reply function can return anything. */
export function isReply(value: unknown): value is Reply {
  const { kind } = (value ?? {}) as { kind?: unknown };
  return typeof kind === 'string' && Object.hasOwn(ANSWERS, kind);
}

const ANSWERS: {
  [K in Reply['kind']]: (reply: Extract<Reply, { kind: K }>, context: ReplyContext) => Answer;
} = {
  content: (reply, context) => {
    const { params, requestId, number, ids, cache } = context;
    const { error, blocks } = reply;
    const isOnlyError = error !== undefined && (blocks.length === 0 || !params.stream);
    if (isOnlyError) return toErrorAnswer(error, requestId);
    const { reply: limited, isCut } = limitReply(reply, params);
    const message = toMessage(limited, params, number, ids, cache);
    const broken = error === undefined || isCut ? undefined : toErrorBody(error, requestId);
    return answerMessage(message, context, broken);
  },

  message: ({ message }, context) => answerMessage(message, context),

  events: ({ events }, { params, requestId, number, pace }) => {
    const answer = params.stream
      ? toStreamAnswer(events, requestId)
      : collectEvents(events, requestId);
    return applyPace(answer, pace, number);
  },

  raw: ({ status, headers, steps }, { requestId }) => ({
    status,
    headers: { 'request-id': requestId, ...headers },
    steps,
  }),

  faulty: ({ reply, faults }, context) => applyFaults(answerReply(reply, context), faults, context),

  paced: ({ reply, pace }, context) => answerReply(reply, { ...context, pace }),

  error: ({ error }, { requestId }) => toErrorAnswer(error, requestId),
};

/** Applies faults in order: each changes what the previous one left. */
export function applyFaults(
  answer: Answer,
  faults: readonly Fault[],
  { requestId }: Pick<ReplyContext, 'requestId'>,
): Answer {
  return faults.reduce((changed, fault) => fault.apply(changed, requestId), answer);
}

function answerMessage(
  message: AnyMessage,
  { params, requestId, number, pace }: ReplyContext,
  broken?: ErrorBody,
): Answer {
  const answer = params.stream
    ? toStreamAnswer(toMessageEvents(message, broken), requestId)
    : toJsonAnswer(toMessageBody(message), requestId);
  return applyPace(answer, pace, number);
}

function toStreamAnswer(events: Iterable<RawEvent>, requestId: string): Answer {
  return {
    status: 200,
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      // Without it, nginx keeps a stream back until it has ended.
      'x-accel-buffering': 'no',
      'request-id': requestId,
    },
    steps: toSteps(events, requestId),
  };
}

function* toSteps(events: Iterable<RawEvent>, requestId: string): Generator<Step, void, undefined> {
  try {
    for (const event of events) yield toEventStep(event);
  } catch (error) {
    const body = toErrorBody(toScriptError(`the reply failed: ${error}`), requestId);
    yield toEventStep({ ...body });
  }
}

/** Raw events for a request without a stream. */
function collectEvents(events: Iterable<RawEvent>, requestId: string): Answer {
  try {
    const all = [...events] as RawMessageStreamEvent[];
    const failure = all.find(({ type }) => type === 'error') as ErrorBody | undefined;
    if (failure !== undefined) {
      const { type, message } = failure.error;
      return toErrorAnswer(toEmulatedError(type, message), requestId);
    }
    const message = accumulate(all);
    if (message !== undefined) return toJsonAnswer(message, requestId);
    throw new Error('message_start is missing');
  } catch (error) {
    const problem = `the events of reply.events() don't form a message: ${error}`;
    return toErrorAnswer(toScriptError(problem), requestId);
  }
}
