import type { ErrorType } from '../../wire/errors.js';
import { toErrorAnswer } from '../model/answer.js';
import { toEmulatedError, toErrorBody } from '../model/error.js';
import type { Fault, Place } from '../model/fault.js';
import { toEventStep, toTextStep } from '../model/step.js';
import {
  breakAt,
  changeRest,
  changeSteps,
  changeText,
  collectAsJson,
  fail,
  inDialect,
  nameAt,
} from './change-answer.js';
import {
  chain,
  chunkSteps,
  dripSteps,
  dropFinalBlankLine,
  pingForever,
  splitDataLines,
  startTwice,
  swapEvents,
} from './change-steps.js';
import { DIALECT_NAMES, type Dialect, isDialect } from './dialects.js';
import { drawPlace, drawStatus, type FaultRow, toOptionalNumber } from './fault-row.js';
import { gzipAnswer } from './gzip.js';
import { HTTP2_FAULTS, type Http2FaultMakers } from './http2-faults.js';

/** Creates faults. They compose: each changes what the previous one left. */
export interface FaultMakers extends Http2FaultMakers {
  /** An error status instead of the answer. @param typeOrStatus such as `429`. */
  status(
    typeOrStatus: ErrorType | number,
    options?: { message?: string; headers?: Readonly<Record<string, string>> },
  ): Fault;
  /** An `error` event, and the end of the stream. */
  error(type: ErrorType, place: Place): Fault;
  /** The body ends here, cleanly. */
  cut(place: Place): Fault;
  /** The connection is reset: at a place in the body, or instead of the headers. */
  reset(place?: Place): Fault;
  /**
   * The connection is refused. `emulator.fetch` fails with ECONNREFUSED; a server, which has already
   * accepted the connection, closes it without a byte.
   */
  refuse(): Fault;
  /** Nothing more is sent: from a place in the body on, or instead of the headers. */
  stall(place?: Place): Fault;
  /** Nothing is sent for some milliseconds: at a place in the body, or before the headers. */
  pause(ms: number, place?: Place): Fault;
  /** Nothing but pings is sent any more. @param every in milliseconds. Default 15,000. */
  pingsOnly(place: Place, every?: number): Fault;
  /** The body is sent byte by byte. @param every in milliseconds, the time before each byte. */
  drip(every: number, place?: Place): Fault;
  /** Bytes that don't belong there. @param bytes default: an event whose data is no JSON. */
  garbage(place: Place, bytes?: Uint8Array | string): Fault;
  /** The body in chunks of one size, or of several sizes in turn, regardless of events. */
  chunks(...sizes: readonly number[]): Fault;
  /** Other line ends than LF. */
  lineEnds(end: '\r\n' | '\r'): Fault;
  /** A byte order mark before the first event. */
  bom(): Fault;
  /** A comment before each event. */
  comments(text?: string): Fault;
  /** No `event:` line, only `data:`. */
  dataOnly(): Fault;
  /** `data:` without the space after it. */
  noSpace(): Fault;
  /** The JSON of an event in several `data:` lines. */
  splitData(): Fault;
  /** No blank line after the last event. */
  noFinalBlankLine(): Fault;
  /** The connection stays open after the last byte. */
  leftOpen(): Fault;
  /** `message_start` is sent twice. */
  duplicateStart(): Fault;
  /** An event swaps places with the one before it. @param event counts from 1. Default 2. */
  wrongOrder(event?: number): Fault;
  /** A JSON message instead of a stream, with status 200. */
  json(): Fault;
  /** A stream as another server writes it, in its dialect of the API; a JSON message stays. */
  dialect(name: Dialect): Fault;
  /** Compressed, with `content-encoding`; `emulator.fetch` shows the decoded body, as a fetch does. */
  gzip(): Fault;
}

/**
 * All faults: a new one is a line in `FaultMakers` and a row here. `parseFaults` and `randomFaults` are
 * derived; a random plan depends on the order of the rows.
 */
export const FAULTS: { readonly [K in keyof FaultMakers]: FaultRow<FaultMakers[K]> } = {
  status: {
    make: (typeOrStatus, { message, headers } = {}) => {
      const error = toEmulatedError(typeOrStatus, message, headers);
      return {
        name: `status=${error.status}`,
        apply: (_, requestId) => toErrorAnswer(error, requestId),
      };
    },
    specs: {
      status: ['=TYPE', '', (type) => fault.status(/^\d+$/.test(type) ? Number(type) : type)],
    },
    draws: [(draw) => fault.status(drawStatus(draw))],
  },
  error: {
    make: (type, place) => {
      const error = toEmulatedError(type);
      return changeRest(`error=${type}`, place, (_, requestId) => [
        toEventStep({ ...toErrorBody(error, requestId) }),
      ]);
    },
    specs: { error: ['=TYPE', '@WHERE', (type, place) => fault.error(type, place)] },
    draws: [(draw) => fault.error('overloaded_error', drawPlace(draw))],
  },
  cut: {
    make: (place) => changeRest('cut', place, () => []),
    specs: { cut: ['', '@WHERE', (_, place) => fault.cut(place)] },
    draws: [(draw) => fault.cut(drawPlace(draw))],
  },
  reset: {
    make: (place) => breakAt('reset', place, 'reset'),
    specs: { reset: ['', '[@WHERE]', (_, place) => fault.reset(place)] },
    draws: [(draw) => fault.reset(drawPlace(draw)), () => fault.reset()],
  },
  refuse: {
    make: () => fail('refuse', 'refused'),
    specs: { refuse: ['', '', () => fault.refuse()] },
    draws: [() => fault.refuse()],
  },
  stall: {
    make: (place) =>
      place === undefined
        ? fail('stall', 'silent')
        : changeRest('stall', place, () => [{ end: 'hang' }]),
    specs: { stall: ['', '[@WHERE]', (_, place) => fault.stall(place)] },
  },
  pause: {
    make: (ms, place) =>
      place === undefined
        ? {
            name: nameAt(`pause=${ms}`, place),
            apply: (answer) => ({ ...answer, delay: (answer.delay ?? 0) + ms }),
          }
        : changeRest(`pause=${ms}`, place, (rest) => chain([{ wait: ms }], rest)),
    specs: { pause: ['=N', '[@WHERE]', (ms, place) => fault.pause(Number(ms), place)] },
  },
  pingsOnly: {
    make: (place, every = 15_000) => changeRest(`pings=${every}`, place, () => pingForever(every)),
    specs: {
      pings: ['[=N]', '@WHERE', (ms, place) => fault.pingsOnly(place, toOptionalNumber(ms))],
    },
  },
  drip: {
    make: (every, place = { phase: 'headers' }) =>
      changeRest(`drip=${every}`, place, (rest) => dripSteps(rest, every)),
    specs: { drip: ['=N', '[@WHERE]', (ms, place) => fault.drip(Number(ms), place)] },
  },
  garbage: {
    make: (place, bytes = GARBAGE) => {
      const step = typeof bytes === 'string' ? toTextStep(bytes) : { bytes };
      return changeRest('garbage', place, (rest) => chain([step], rest));
    },
    specs: { garbage: ['', '@WHERE', (_, place) => fault.garbage(place)] },
    draws: [(draw) => fault.garbage(drawPlace(draw))],
  },
  chunks: {
    make: (...sizes) => {
      if (sizes.length === 0 || !sizes.every((size) => Number.isInteger(size) && size > 0)) {
        throw new TypeError('fault.chunks() needs sizes of at least 1, such as fault.chunks(1)');
      }
      return changeSteps(`chunks=${sizes.join('/')}`, (steps) => chunkSteps(steps, sizes));
    },
    specs: {
      chunks: ['=N/N', '', (sizes) => fault.chunks(...sizes.split('/').map(Number))],
    },
    draws: [(draw) => fault.chunks(1 + draw(64))],
  },
  lineEnds: {
    make: (end) => changeText(end === '\r' ? 'cr' : 'crlf', (text) => text.replaceAll('\n', end)),
    specs: {
      crlf: ['', '', () => fault.lineEnds('\r\n')],
      cr: ['', '', () => fault.lineEnds('\r')],
    },
    draws: [() => fault.lineEnds('\r\n'), () => fault.lineEnds('\r')],
  },
  bom: {
    make: () => changeSteps('bom', (steps) => chain([toTextStep('\ufeff')], steps)),
    specs: { bom: ['', '', () => fault.bom()] },
    draws: [() => fault.bom()],
  },
  comments: {
    make: (comment = 'alive') => changeText('comments', (text) => `: ${comment}\n\n${text}`),
    specs: { comments: ['', '', () => fault.comments()] },
    draws: [() => fault.comments()],
  },
  dataOnly: {
    make: () => changeText('data-only', (text) => text.replace(/^event: .*\n/, '')),
    specs: { 'data-only': ['', '', () => fault.dataOnly()] },
    draws: [() => fault.dataOnly()],
  },
  noSpace: {
    make: () => changeText('no-space', (text) => text.replace(/^(data|event): /gm, '$1:')),
    specs: { 'no-space': ['', '', () => fault.noSpace()] },
    draws: [() => fault.noSpace()],
  },
  splitData: {
    make: () => changeText('split-data', splitDataLines),
    specs: { 'split-data': ['', '', () => fault.splitData()] },
    draws: [() => fault.splitData()],
  },
  noFinalBlankLine: {
    make: () => changeSteps('no-final-blank-line', dropFinalBlankLine),
    specs: { 'no-final-blank-line': ['', '', () => fault.noFinalBlankLine()] },
    draws: [() => fault.noFinalBlankLine()],
  },
  leftOpen: {
    make: () => changeSteps('left-open', (steps) => chain(steps, [{ end: 'hang' }])),
    specs: { 'left-open': ['', '', () => fault.leftOpen()] },
  },
  duplicateStart: {
    make: () => changeSteps('duplicate-start', startTwice),
    specs: { 'duplicate-start': ['', '', () => fault.duplicateStart()] },
    draws: [() => fault.duplicateStart()],
  },
  wrongOrder: {
    make: (event = 2) => {
      if (!Number.isInteger(event) || event < 2) {
        throw new TypeError('fault.wrongOrder() needs an event with one before it: pass 2 or more');
      }
      return changeSteps(`wrong-order=${event}`, (steps) => swapEvents(steps, event));
    },
    specs: {
      'wrong-order': ['[=N]', '', (event) => fault.wrongOrder(toOptionalNumber(event))],
    },
    draws: [(draw) => fault.wrongOrder(2 + draw(3))],
  },
  json: {
    make: () => ({ name: 'json', apply: collectAsJson }),
    specs: { json: ['', '', () => fault.json()] },
    draws: [() => fault.json()],
  },
  gzip: {
    make: () => ({ name: 'gzip', apply: gzipAnswer }),
    specs: { gzip: ['', '', () => fault.gzip()] },
  },
  dialect: {
    make: (name) => {
      if (!isDialect(name)) {
        throw new TypeError(`fault.dialect() needs a dialect: ${DIALECT_NAMES.join(', ')}`);
      }
      return { name: `dialect=${name}`, apply: (answer) => inDialect(answer, name) };
    },
    specs: { dialect: ['=TYPE', '', (name) => fault.dialect(name as Dialect)] },
  },
  ...HTTP2_FAULTS,
};

/** Creates faults. */
export const fault: FaultMakers = /* @__PURE__ */ Object.fromEntries(
  /* @__PURE__ */ Object.entries(FAULTS).map(([name, { make }]) => [name, make]),
) as unknown as FaultMakers;

/** An event whose data breaks off in a byte that no UTF-8 has: clients skip lines that are no field. */
const GARBAGE = Uint8Array.from(
  'event: content_block_delta\ndata: {"type":"content_block_delta",\xff\n\n',
  (character) => character.charCodeAt(0),
);
