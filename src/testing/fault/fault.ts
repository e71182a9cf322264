import type { ErrorType } from '../../wire/errors.js';
import { emulatedError, errorBody } from '../model/error.js';
import type { Fault, Place } from '../model/fault.js';
import { type Step, sent } from '../model/step.js';
import { type Answer, encode, errorAnswer } from '../script/answer-reply.js';
import type { ErrorReplyOptions } from '../script/reply.js';
import { asJson } from './change-answer.js';
import {
  chained,
  dripped,
  pingsForever,
  swapped,
  twiceStarted,
  withoutBlankLine,
} from './change-steps.js';
import { gzipped } from './gzip.js';
import { HERE, marked } from './places.js';
import { inChunks, inText, split } from './wire-text.js';

/** Makes the faults of an answer. They compose: each is done to what the one before left. */
export interface FaultMakers {
  /** An error status in place of the answer. @param typeOrStatus such as `429`. */
  status(
    typeOrStatus: ErrorType | number,
    options?: ErrorReplyOptions & { message?: string },
  ): Fault;
  /** An `error` event, and the end of the stream. */
  error(type: ErrorType, place: Place): Fault;
  /**
   * Nobody listens. Over `emulator.fetch` that is what a fetch shows, ECONNREFUSED; a server that has
   * the request already can but close its connection without a byte.
   */
  refuse(): Fault;
  /** The connection is reset: at a place in the body, or in place of the headers. */
  reset(place?: Place): Fault;
  /** Nothing comes any more: from a place in the body on, or in place of the headers. */
  stall(place?: Place): Fault;
  /** Nothing comes for some milliseconds: at a place in the body, or before the headers. */
  pause(ms: number, place?: Place): Fault;
  /** Nothing but pings come any more. @param every in milliseconds. Default 15,000. */
  pingsOnly(place: Place, every?: number): Fault;
  /** The body comes a byte at a time. @param every in milliseconds, the time before each. */
  drip(every: number, place?: Place): Fault;
  /** The body ends here, cleanly. */
  cut(place: Place): Fault;
  /** Something that is no event. @param bytes default: some that are neither UTF-8 nor a line. */
  garbage(place: Place, bytes?: Uint8Array | string): Fault;
  /** `message_start` comes twice. */
  duplicateStart(): Fault;
  /** An event and the one before it change places. @param event counts from 1. Default 2. */
  wrongOrder(event?: number): Fault;
  /** The body in chunks of a size, or of sizes in turn, whatever the events. */
  chunks(...sizes: readonly number[]): Fault;
  /** Other line ends than LF. */
  lineEnds(end: '\r\n' | '\r'): Fault;
  /** A byte order mark before the first event. */
  bom(): Fault;
  /** A comment before each event. */
  comments(text?: string): Fault;
  /** No `event:` line: only `data:`. */
  dataOnly(): Fault;
  /** `data:` without the space after it. */
  noSpace(): Fault;
  /** The JSON of an event in several `data:` lines. */
  splitData(): Fault;
  /** The last event is not ended by a blank line. */
  noFinalBlankLine(): Fault;
  /** The connection stays open after the last byte. */
  leftOpen(): Fault;
  /** A JSON message in place of a stream, with status 200. */
  json(): Fault;
  /** Compressed, as `content-encoding` says; over `emulator.fetch` a fetch has undone it. */
  gzip(): Fault;
}

/** Makes what goes wrong with an answer. */
export const fault: FaultMakers = {
  status: (typeOrStatus, { message, headers } = {}) => {
    const error = emulatedError(typeOrStatus, message, headers);
    return {
      name: `status=${error.status}`,
      apply: (_, requestId) => errorAnswer(error, requestId),
    };
  },

  error: (type, place) => {
    const error = emulatedError(type);
    return {
      name: named(`error=${type}`, place),
      apply: (answer, requestId) =>
        atPlace(answer, place, () => [encode({ ...errorBody(error, requestId) })]),
    };
  },

  refuse: () => failing('refuse', 'refused'),
  reset: (place) =>
    place === undefined ? failing('reset', 'reset') : ending('reset', place, [{ end: 'reset' }]),
  stall: (place) =>
    place === undefined ? failing('stall', 'silent') : ending('stall', place, [{ end: 'hang' }]),
  cut: (place) => ending('cut', place, []),

  pause: (ms, place) => ({
    name: named(`pause=${ms}`, place),
    apply: (answer) =>
      place === undefined
        ? { ...answer, delay: (answer.delay ?? 0) + ms }
        : atPlace(answer, place, (rest) => chained([{ wait: ms }], rest)),
  }),

  pingsOnly: (place, every = 15_000) => ({
    name: named(`pings=${every}`, place),
    apply: (answer) => atPlace(answer, place, () => pingsForever(every)),
  }),

  drip: (every, place = { phase: 'headers' }) => ({
    name: named(`drip=${every}`, place),
    apply: (answer) => atPlace(answer, place, (rest) => dripped(rest, every)),
  }),

  garbage: (place, bytes = GARBAGE) => ({
    name: named('garbage', place),
    apply: (answer) => atPlace(answer, place, (rest) => chained([piece(bytes)], rest)),
  }),

  duplicateStart: () => ({
    name: 'duplicate-start',
    apply: (answer) => withSteps(answer, twiceStarted),
  }),

  wrongOrder: (event = 2) => {
    if (!Number.isInteger(event) || event < 2) {
      throw new TypeError('give fault.wrongOrder() an event that has one before it, from 2 on');
    }
    return {
      name: `wrong-order=${event}`,
      apply: (answer) => withSteps(answer, (steps) => swapped(steps, event)),
    };
  },

  chunks: (...sizes) => {
    if (sizes.length === 0 || !sizes.every((size) => Number.isInteger(size) && size > 0)) {
      throw new TypeError('give fault.chunks() sizes of at least 1, such as fault.chunks(1)');
    }
    return {
      name: `chunks=${sizes.join('/')}`,
      apply: (answer) => withSteps(answer, (steps) => inChunks(steps, sizes)),
    };
  },

  lineEnds: (end) => wire(end === '\r' ? 'cr' : 'crlf', (text) => text.replaceAll('\n', end)),
  bom: () => ({
    name: 'bom',
    apply: (answer) => withSteps(answer, (steps) => chained([sent('\ufeff')], steps)),
  }),
  comments: (comment = 'alive') => wire('comments', (text) => `: ${comment}\n\n${text}`),
  dataOnly: () => wire('data-only', (text) => text.replace(/^event: .*\n/, '')),
  noSpace: () => wire('no-space', (text) => text.replace(/^(data|event): /gm, '$1:')),
  splitData: () => wire('split-data', split),

  noFinalBlankLine: () => ({
    name: 'no-final-blank-line',
    apply: (answer) => withSteps(answer, withoutBlankLine),
  }),

  leftOpen: () => ({
    name: 'left-open',
    apply: (answer) => withSteps(answer, (steps) => chained(steps, [{ end: 'hang' }])),
  }),

  json: () => ({ name: 'json', apply: asJson }),
  gzip: () => ({ name: 'gzip', apply: gzipped }),
};

/** Bytes that are no UTF-8, in lines that are no field. */
const GARBAGE = Uint8Array.of(0, 1, 0xff, 0xfe, 0xc3, 0x28, 0x0a, 0x80, 0x0a, 0x0a);

function named(name: string, place: Place | undefined): string {
  if (place === undefined) return name;
  return `${name}@${'event' in place ? 'event:' : ''}${Object.values(place)[0]}`;
}

function failing(name: string, failure: NonNullable<Answer['failure']>): Fault {
  return { name, apply: (answer) => ({ ...answer, failure }) };
}

function ending(name: string, place: Place, last: readonly Step[]): Fault {
  return { name: named(name, place), apply: (answer) => atPlace(answer, place, () => last) };
}

function wire(name: string, change: (event: string) => string): Fault {
  return { name, apply: (answer) => withSteps(answer, (steps) => inText(steps, change)) };
}

/** Steps that were made before this fault are always iterable at once: only a proxy's are not. */
function withSteps(answer: Answer, change: (steps: Iterable<Step>) => Iterable<Step>): Answer {
  return { ...answer, steps: change(answer.steps as Iterable<Step>) };
}

/** An answer whose rest, from a place on, is another. */
function atPlace(
  answer: Answer,
  place: Place,
  instead: (rest: Iterable<Step>) => Iterable<Step>,
): Answer {
  return withSteps(answer, function* (steps) {
    const all = marked(steps, place);
    try {
      for (let { done, value } = all.next(); !done; { done, value } = all.next()) {
        if (value !== HERE) yield value as Step;
        else return yield* instead(all as Iterable<Step>);
      }
    } finally {
      all.return();
    }
  });
}

function piece(bytes: Uint8Array | string): Step {
  return typeof bytes === 'string' ? sent(bytes) : { bytes };
}
