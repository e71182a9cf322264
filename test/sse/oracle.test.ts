import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ServerSentEvent } from '../../src/sse/decoder.js';
import { bytesOf, inPieces } from '../support/chunks.js';
import { decode, decodeByMatch } from './decode.js';

/**
 * Another implementation of the same grammar. It gets the text whole, finished by a blank line and
 * without a BOM: an unfinished last event is given by us only, and it looks for a BOM in bytes.
 */
function oracle(text: string): ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const parser = createParser({
    onEvent: ({ event = '', data }) => void events.push({ event, data }),
  });
  parser.feed(text);
  return events;
}

const value = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map((text) => text.replace(/[\r\n]/g, ''));

const line = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom('data: ', 'data:', 'data:  '), value) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('event: ', 'event:'), value) },
  { weight: 3, arbitrary: fc.constant(['', '']) },
  fc.tuple(
    fc.constantFrom(':', ': ', 'id: ', 'retry: ', 'data ', ' data:', 'dat', 'event', ''),
    value,
  ),
  fc.constantFrom(['data', ''], ['event', ''], ['\ufeff', ''], ['data:\ufeff', 'x']),
);

const eventText = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 30 })
  .map((lines) => `${lines.map(([parts, end]) => parts.join('') + end).join('')}\n\n`)
  .map((text) => text.replace(/^\ufeff+/, ''));

const sizes = fc
  .array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 8 })
  .filter((list) => list.some((size) => size > 0));

it('decodes what eventsource-parser decodes, however the bytes are cut', () => {
  let seen = 0;
  fc.assert(
    fc.property(eventText, sizes, (text, cuts) => {
      const expected = oracle(text);
      seen += expected.length;
      expect(decode(inPieces(bytesOf(text), cuts))).toEqual(expected);
      expect(decodeByMatch(inPieces(bytesOf(text), cuts))).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
  expect(seen).toBeGreaterThan(1_000);
});
