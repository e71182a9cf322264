import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ServerSentEvent } from '../../src/sse/decoder.js';
import { encodeEvent } from '../../src/sse/encode.js';
import { bytesOf, inPieces } from '../support/chunks.js';
import { decode } from './decode.js';

const cases: readonly [event: string, data: string, text: string][] = [
  ['ping', '{"type":"ping"}', 'event: ping\ndata: {"type":"ping"}\n\n'],
  ['', '1', 'data: 1\n\n'],
  ['', '', 'data: \n\n'],
  ['a', 'x\ny\n', 'event: a\ndata: x\ndata: y\ndata: \n\n'],
  ['a', 'x\r\ny\rz', 'event: a\ndata: x\ndata: y\ndata: z\n\n'],
  ['a\ndata: forged', '1', 'event: a data: forged\ndata: 1\n\n'],
];

it.each(cases)('%j, %j', (event, data, text) => {
  expect(encodeEvent({ event, data })).toBe(text);
});

it('what was encoded is decoded to the same events', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  const sseEvent: fc.Arbitrary<ServerSentEvent> = fc.record({
    event: text.map((name) => name.replace(/[\r\n]/g, '')),
    data: fc
      .oneof(
        text,
        fc.array(text).map((lines) => lines.join('\n')),
      )
      .map((data) => data.replaceAll('\r', '')),
  });
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(sseEvent), sizes, (events, cuts) => {
      const bytes = bytesOf(events.map(encodeEvent).join(''));
      expect(decode(inPieces(bytes, cuts))).toEqual(events);
    }),
    { numRuns: 1_000 },
  );
});
