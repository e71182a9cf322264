import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamProtocolError } from '../../src/errors.js';
import { MAX_EVENT_BYTES, type ServerSentEvent, SseDecoder } from '../../src/sse/decoder.js';
import { byteByByte, bytesOf, inPieces, splitsInTwo } from '../support/chunks.js';
import { decodeUntilError } from './decode.js';

const LIMIT = 30;

interface Outcome {
  events: ServerSentEvent[];
  error: unknown;
}

function outcome(chunks: Iterable<Uint8Array>, limit = LIMIT): Outcome {
  let error: unknown;
  const events = decodeUntilError(chunks, limit, (failure) => {
    error = failure;
  });
  return { events, error };
}

const before = 'event: a\ndata: 1\n\n: hi\nevent: b\ndata: 2\n\n';
const beforeEvents = [
  { event: 'a', data: '1' },
  { event: 'b', data: '2' },
];

const tooLarge: readonly [what: string, text: string][] = [
  ['in one line', `data: ${'x'.repeat(25)}\n\n`],
  ['in one line that is not finished', `data: ${'x'.repeat(25)}`],
  ['in one finished line of an unfinished event', `data: ${'x'.repeat(25)}\n`],
  ['in many data lines', 'data: xx\n'.repeat(4)],
  ['in many data lines, the last one unfinished', `${'data: xx\n'.repeat(3)}data: x`],
  ['with comments between its lines', 'data: xxxxxx\n: hi\n'.repeat(3)],
  ['in characters of two bytes', `data: ${'é'.repeat(13)}\n\n`],
  ['in characters of three bytes', `data: ${'語'.repeat(9)}\n\n`],
  ['in characters of four bytes', `data: ${'🌊'.repeat(7)}\n\n`],
  ['by its name', `event: ${'x'.repeat(25)}\ndata: 1\n\n`],
  ['by a comment', `: ${'x'.repeat(30)}\ndata: 1\n\n`],
  ['by a comment that is not finished', `: ${'x'.repeat(30)}`],
];

describe('an event over the limit throws, after the events before it', () => {
  it.each(tooLarge)('%s', (_, text) => {
    const bytes = bytesOf(before + text);
    for (const chunks of [[bytes], byteByByte(bytes), ...splitsInTwo(bytes)]) {
      const { events, error } = outcome(chunks);
      expect(events).toEqual(beforeEvents);
      expect(error).toBeInstanceOf(StreamProtocolError);
    }
  });
});

const justFits: readonly [what: string, text: string, data: string][] = [
  ['one line', `data: ${'x'.repeat(24)}`, 'x'.repeat(24)],
  ['several data lines', 'data: 1234567\ndata: 123456\ndata:', '1234567\n123456\n'],
  ['characters of two bytes', `data: ${'é'.repeat(12)}`, 'é'.repeat(12)],
  ['characters of four bytes', `data: ${'🌊'.repeat(6)}`, '🌊'.repeat(6)],
  [
    'a name as long as the data',
    `event: ${'x'.repeat(23)}\ndata: ${'x'.repeat(24)}`,
    'x'.repeat(24),
  ],
  ['any number of comments', `data: 1\n${': hello\n'.repeat(20)}data: 2`, '1\n2'],
];

describe('an event at the limit is given', () => {
  it.each(justFits)('%s', (_, text, data) => {
    for (const end of ['', '\n', '\n\n']) {
      const bytes = bytesOf(text + end);
      for (const chunks of [[bytes], byteByByte(bytes), ...splitsInTwo(bytes)]) {
        const { events, error } = outcome(chunks);
        expect(error).toBeUndefined();
        expect(events.map((event) => event.data)).toEqual([data]);
      }
    }
  });
});

it('counts the same where lines wait to be taken', () => {
  const decoder = new SseDecoder(LIMIT);
  decoder.push(bytesOf(`data: 1\n\ndata: ${'語'.repeat(9)}\n\n`));
  decoder.push(bytesOf('data: 2\n\n'));
  expect(decoder.next()).toEqual({ event: '', data: '1' });
  expect(() => decoder.next()).toThrow(StreamProtocolError);
});

it('starts again with each event', () => {
  const text = 'data: 0123456789\ndata: 01\n\n'.repeat(50);
  expect(outcome([bytesOf(text)])).toMatchObject({ events: { length: 50 }, error: undefined });
});

it('does not depend on how the bytes are cut', () => {
  const line = fc.tuple(
    fc.constantFrom('data: ', 'data:', 'event: ', ': ', ''),
    fc.string({ unit: fc.constantFrom('x', 'é', '語', '🌊'), maxLength: 12 }),
  );
  const text = fc
    .array(fc.oneof(line, fc.constant(['', ''])), { maxLength: 12 })
    .map((lines) => lines.map((parts) => parts.join('')).join('\n'));
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
  let failed = 0;
  fc.assert(
    fc.property(text, sizes, (all, cuts) => {
      const bytes = bytesOf(all);
      const whole = outcome([bytes]);
      if (whole.error !== undefined) failed++;
      expect(outcome(inPieces(bytes, cuts))).toEqual(whole);
    }),
    { numRuns: 1_000 },
  );
  expect(failed).toBeGreaterThan(50);
});

it('holds little of a line that never ends', () => {
  const decoder = new SseDecoder(1_000);
  const push = (): void => {
    decoder.push(new Uint8Array(100).fill(0x78));
    decoder.next();
  };
  for (let i = 0; i < 10; i++) push();
  expect(push).toThrow(StreamProtocolError);
});

it('says what to do, and is 32 MiB unless told otherwise', () => {
  expect(outcome([bytesOf(`data: ${'x'.repeat(30)}`)]).error).toMatchObject({
    name: 'StreamProtocolError',
    message: 'an event of the stream is larger than 30 bytes; raise maxEventBytes to accept it',
  });
  expect(MAX_EVENT_BYTES).toBe(32 * 1024 * 1024);

  const decoder = new SseDecoder();
  decoder.push(new Uint8Array(MAX_EVENT_BYTES));
  expect(decoder.next()).toBeUndefined();
  decoder.push(new Uint8Array(1));
  expect(() => decoder.next()).toThrow(StreamProtocolError);
});
