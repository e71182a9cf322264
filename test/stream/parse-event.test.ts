import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { StreamProtocolError } from '../../src/errors.js';
import { parseEvent } from '../../src/stream/parse-event.js';

const parsed = (data: string, event = ''): unknown => parseEvent({ event, data });

/** A text delta as the API may write it. */
const written = (text: string, padding = '', index = 0): string =>
  `{"type":"content_block_delta","index":${index},"delta":{"type":"text_delta","text":${JSON.stringify(text)}${padding}}${padding}}`;

describe('a text delta', () => {
  it('is what JSON.parse makes of it, whatever the text', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(text, fc.nat(3), fc.nat(), (text, spaces, index) => {
        const data = written(text, ' '.repeat(spaces), index);
        expect(parsed(data)).toStrictEqual(JSON.parse(data));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['without an escape', 'Hello, wörld 🎉', 0],
    ['with an escape', 'a "b" \\ \n', 1],
  ])('%s takes %s: %d calls of JSON.parse', (_, text, calls) => {
    const data = written(text);
    const parse = vi.spyOn(JSON, 'parse');
    try {
      parsed(data);
      expect(parse).toHaveBeenCalledTimes(calls);
    } finally {
      parse.mockRestore();
    }
  });

  it.each([
    [
      'another key order',
      '{"index":0,"type":"content_block_delta","delta":{"text":"a","type":"text_delta"}}',
    ],
    [
      'one more field',
      '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a","x":1}}',
    ],
    [
      'one more field outside',
      '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"},"x":1}',
    ],
    [
      'spaces between',
      '{ "type": "content_block_delta", "index": 0, "delta": {"type":"text_delta","text":"a"} }',
    ],
  ])('with %s goes the long way', (_, data) => {
    expect(parsed(data)).toStrictEqual(JSON.parse(data));
  });

  it.each([
    [
      'a leading zero',
      '{"type":"content_block_delta","index":01,"delta":{"type":"text_delta","text":"a"}}',
    ],
    ['a bare control character', written('a').replace('"a"', '"\u0001"')],
    ['a bare quote', written('a').replace('"a"', '"a"b"')],
    ['no end', written('a').slice(0, -1)],
    ['more after the end', `${written('a')}}`],
  ])('with %s is refused as JSON.parse refuses it', (_, data) => {
    expect(() => JSON.parse(data)).toThrow();
    expect(() => parsed(data)).toThrow(StreamProtocolError);
  });
});

it('takes the type from the event line only where the data has none', () => {
  expect(parsed('{"index":0}', 'content_block_stop')).toEqual({
    type: 'content_block_stop',
    index: 0,
  });
  expect(parsed('{"type":"ping"}', 'message_stop')).toEqual({ type: 'ping' });
});

it.each([
  ['null', 'ping', /without a type: null/],
  ['[1]', '', /without a type: \[1\]/],
  ['{"index":0}', '', /without a type/],
  ['"text"', 'ping', /without a type/],
  ['nope', 'ping', /data is not JSON: nope/],
])('refuses %s', (data, event, message) => {
  expect(() => parsed(data, event)).toThrow(message);
});
