import { AnthropicError } from '../errors.js';
import type { UntypedEvent } from '../message/untyped.js';
import { encodeEvent } from '../sse/encode.js';
import type { MessageStream } from '../stream/message-stream.js';
import type { RunSoFar } from '../tools/continued-run.js';
import { interruptedTurn } from '../tools/interrupted-turn.js';
import { RunStream } from '../tools/run-stream.js';
import { RUN_START, toolEventType } from '../tools/run-wire.js';
import type { ToolEvent } from '../tools/tool-events.js';
import type { MessageParam, MessageStreamParams } from '../wire/params.js';
import type { Usage } from '../wire/usage.js';
import type { Entry } from './engine.js';
import { eventType, isEvent } from './payloads.js';

/** A run of tools whose process is gone, for `resumeRun`. */
export interface LostRun {
  /**
   * What the run has produced, ready to send after the messages that it began with. Each call has a result: one whose
   * tool has no result yet says that its outcome is unknown, or that it was not run.
   */
  readonly messages: readonly MessageParam[];
  /**
   * The params to go on with: those of the runner that was started, without `tools`, and with `messages` after theirs.
   * @throws AnthropicError where they are not stored, as with `keepParams: false`.
   */
  readonly params: Omit<MessageStreamParams, 'tools'>;
  /** The usage of all turns so far; undefined before the first response. */
  readonly usage: Usage | undefined;
}

/** A run as its log has it. */
export interface PastRun extends RunSoFar {
  messages: readonly MessageParam[];
  usage: Usage | undefined;
  /** Its last turn is there: only its end is missing. */
  isOver: boolean;
}

/** Reads the log of a run as its followers do. */
export async function readPastRun(entries: readonly Entry[]): Promise<PastRun> {
  const payloads = entries.filter(isEvent).map(({ payload }) => payload);
  const types = payloads.map(eventType);
  const run = RunStream.from(toBody(payloads));
  const message = (await lastTurnOf(run))?.currentMessageSnapshot;
  const { messages, usage } = run;
  const past = { isBegun: types.includes(RUN_START), messages, usage };
  if (message === undefined) return { ...past, rest: [], givenUp: undefined, isOver: false };
  const start = types.lastIndexOf('message_start');
  const isStopped = types.lastIndexOf('message_stop') > start;
  const events = payloads.slice(start).flatMap(toToolEvent);
  const { rest, isGivenUp, isLast } = interruptedTurn(message, isStopped, events);
  const givenUp = isGivenUp ? { usage: message.usage } : undefined;
  return { ...past, rest, givenUp, isOver: isLast };
}

/** @param started the params that it was started with, where they are stored. */
export function toLostRun({ messages, usage }: PastRun, started: object | undefined): LostRun {
  return {
    messages,
    usage,
    get params() {
      if (started === undefined) throw missingParams();
      const params = started as MessageStreamParams;
      return { ...params, messages: [...params.messages, ...messages] };
    },
  };
}

function missingParams(): AnthropicError {
  return new AnthropicError(
    'the params of this run are not stored: leave keepParams on and pass resumeRun to each relay, or make the ' +
      'runner from params of your own, with messages: [...before, ...run.messages]',
  );
}

/** Reads a run that has no end to where it stops. */
async function lastTurnOf(run: RunStream): Promise<MessageStream | undefined> {
  let last: MessageStream | undefined;
  try {
    for await (const stream of run) last = stream;
  } catch {
    // It breaks off.
  }
  return last;
}

function toBody(payloads: readonly string[]): Response {
  const body = payloads.map((data) => encodeEvent({ event: eventType(data), data })).join('');
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

function toToolEvent(payload: string): ToolEvent[] {
  const type = toolEventType(eventType(payload));
  return type === undefined ? [] : [{ ...(JSON.parse(payload) as UntypedEvent), type } as never];
}
