import { describe, expect, it } from 'vitest';
import { toEvents } from '../../src/message/to-events.js';
import {
  createEmulator,
  type Fault,
  fault,
  manualClock,
  type Place,
  reply,
} from '../../src/testing/index.js';
import type { Phase } from '../../src/testing/model/fault.js';
import type { Message } from '../../src/wire/message.js';
import { byFetch, type Taken } from './take.js';

const EVENTS = toEvents({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [
    { type: 'thinking', thinking: 'Hm, ü.', signature: 'c2ln' },
    { type: 'text', text: 'Grüezi' },
    { type: 'tool_use', id: 'toolu_1', name: 'a', input: { b: 'ö' } },
  ],
  stop_reason: 'tool_use',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
} as unknown as Message);
const SENT = EVENTS.map((event) =>
  Buffer.from(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).toString('latin1'),
);
const ALL = SENT.join('');
const upTo = (events: number): string => SENT.slice(0, events).join('');

/** The number of events before: message_start, the thinking's start and delta, its signature and stop, … */
const PHASES: Readonly<Record<Phase, number>> = {
  headers: 0,
  thinking: 3,
  between_blocks: 5,
  text: 7,
  tool_input: 10,
  end: 12,
};

/** Each place, and the part of the body before it. */
const PLACES: [place: Place, before: string][] = [
  ...[0, 1, upTo(1).length, 500, 501, ALL.length - 1, ALL.length].map((byte): [Place, string] => [
    { byte },
    ALL.slice(0, byte),
  ]),
  ...EVENTS.map((_, event): [Place, string] => [{ event }, upTo(event)]),
  [{ event: EVENTS.length }, ALL],
  [{ event: 'message_start' }, upTo(1)],
  [{ event: 'content_block_stop' }, upTo(5)],
  [{ event: 'message_stop' }, ALL],
  ...Object.entries(PHASES).map(([phase, events]): [Place, string] => [
    { phase: phase as Phase },
    upTo(events),
  ]),
];

/** What is sent after the place, and how the body ends; the clock stands still. */
type Then = [make: (place: Place) => Fault, then: (rest: string) => string, end: Taken['end']];

const ERROR =
  'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"Internal server error"},"request_id":"req_010000000000000000000001"}\n\n';

const FAULTS: Readonly<Record<string, Then>> = {
  cut: [(place) => fault.cut(place), () => '', 'complete'],
  reset: [(place) => fault.reset(place), () => '', 'reset'],
  stall: [(place) => fault.stall(place), () => '', 'hang'],
  error: [(place) => fault.error('api_error', place), () => ERROR, 'complete'],
  garbage: [(place) => fault.garbage(place, '?\n'), (rest) => `?\n${rest}`, 'complete'],
  pause: [(place) => fault.pause(5, place), () => '', 'hang'],
  pings: [(place) => fault.pingsOnly(place, 5), () => '', 'hang'],
  drip: [(place) => fault.drip(5, place), () => '', 'hang'],
};

describe.each(Object.entries(FAULTS))('%s', (name, [make, then, end]) => {
  it.each(PLACES)('at %j', async (place, before) => {
    const replies = [reply.faulty(reply.events(EVENTS), make(place))];
    const emulator = createEmulator({ replies, clock: manualClock() });
    const rest = ALL.slice(before.length);
    const body = before + then(rest);
    const taken = await byFetch(emulator.fetch, body.length);
    // At the end there is nothing left to drip.
    const expected = name === 'drip' && rest === '' ? 'complete' : end;
    expect([taken.body, taken.end]).toEqual([body, expected]);
  });
});
