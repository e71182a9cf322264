import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { StreamProtocolError } from '../../src/errors.js';
import { SseDecoder } from '../../src/sse/decoder.js';
import { nextDelta, parseDelta, parseEvent } from '../../src/stream/parse-event.js';
import { bytesOf } from '../support/chunks.js';
import { byTier } from '../support/tier.js';

const parsed = (data: string, event = ''): unknown =>
  parseDelta({ event, data }) ?? parseEvent({ event, data });

/** The delta as a decoder finds it, and the length of its data. */
function found(data: string): [event?: unknown, length?: number | undefined] {
  const decoder = new SseDecoder();
  decoder.push(bytesOf(`event: content_block_delta\ndata: ${data}\n\n`));
  let length: number | undefined;
  const event = nextDelta(decoder, (units) => {
    length = units;
  });
  return event === undefined ? [] : [event, length];
}

/** The kinds of one string, and its field. */
const FIELDS = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  input_json_delta: 'partial_json',
} as const;
const KINDS = Object.keys(FIELDS) as (keyof typeof FIELDS)[];

/** A delta as the API may write it. */
const written = (
  text: string,
  padding = '',
  index = 0,
  kind: keyof typeof FIELDS = 'text_delta',
): string =>
  `{"type":"content_block_delta","index":${index},"delta":{"type":"${kind}","${FIELDS[kind]}":${JSON.stringify(text)}${padding}}${padding}}`;

/** What JSON.parse is given while an event is parsed. */
function parsing(data: string): unknown[] {
  const parse = vi.spyOn(JSON, 'parse');
  try {
    parsed(data);
    return parse.mock.calls.map(([text]) => text);
  } finally {
    parse.mockRestore();
  }
}

describe.each(KINDS)('a %s', (kind) => {
  it('is what JSON.parse makes of it, whatever the text', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(text, fc.nat(3), fc.nat(), (text, spaces, index) => {
        const data = written(text, ' '.repeat(spaces), index, kind);
        expect(parsed(data)).toStrictEqual(JSON.parse(data));
        const delta = parseDelta({ event: 'content_block_delta', data });
        expect(found(data)).toStrictEqual(delta === undefined ? [] : [delta, data.length]);
      }),
      { numRuns: byTier({ fast: 200, exhaustive: 1_000 }) },
    );
  });

  it.each([
    ['nothing of one without an escape', 'Hello, wörld 🎉', []],
    ['only the text of one with an escape', 'a "b" \\ \n', ['"a \\"b\\" \\\\ \\n"']],
  ])('gives JSON.parse %s', (_, text, calls) => {
    expect(parsing(written(text, ' ', 1, kind))).toEqual(calls);
  });

  it('of millions of escapes is read all the same', () => {
    const text = '\n'.repeat(5_000_000);
    const event = parsed(written(text, '', 0, kind)) as { delta: Record<string, string> };
    expect(event.delta[FIELDS[kind]] === text).toBe(true);
  });
});

describe('a delta', () => {
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
      'the field of another kind',
      '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","partial_json":"a"}}',
    ],
    [
      'spaces between',
      '{ "type": "content_block_delta", "index": 0, "delta": {"type":"text_delta","text":"a"} }',
    ],
  ])('with %s goes the long way', (_, data) => {
    expect(parsing(data)).toEqual([data]);
    expect(found(data)).toEqual([]);
    expect(parsed(data)).toStrictEqual(JSON.parse(data));
  });

  it.each([
    [
      'a leading zero',
      '{"type":"content_block_delta","index":01,"delta":{"type":"text_delta","text":"a"}}',
    ],
    ['a bare control character', written('a').replace('"a"', '"\u0001"')],
    ['an escape that is none', written('a').replace('"a"', '"\\x"')],
    ['half an escape', written('a').replace('"a"', '"\\u12"')],
    ['a bare line separator after a backslash', written('a').replace('"a"', '"\\\u2028"')],
    ['a bare quote', written('a').replace('"a"', '"a"b"')],
    ['no end', written('a').slice(0, -1)],
    ['more after the end', `${written('a')}}`],
  ])('with %s is refused as JSON.parse refuses it', (_, data) => {
    expect(() => JSON.parse(data)).toThrow();
    expect(() => parsed(data)).toThrow(StreamProtocolError);
    expect(found(data)).toEqual([]);
  });
});

it.each([
  ['error', 'error'],
  ['done', 'done'],
  ['message', 'content_block_delta'],
])('a delta named %s is an event of type %s, however it is written', (name, type) => {
  for (const data of [written('a'), ` ${written('a')}`]) {
    expect(parsed(data, name)).toMatchObject({ type });
  }
});

it('takes the type from the event line only where the data has none', () => {
  expect(parsed('{"index":0}', 'content_block_stop')).toEqual({
    type: 'content_block_stop',
    index: 0,
  });
  expect(parsed('{"type":"ping"}', 'message_stop')).toEqual({ type: 'ping' });
});

it.each([
  ['[{"type":"ping"}]', '', /without a type: \[\{"type"/],
  ['{"index":0}', '', /without a type/],
  ['{"choices":[]}', '', /without a type/],
  ['nope', '', /data is not JSON: nope/],
  ['{"type":"pi', '', /data is not JSON/],
  ['nope', 'content_block_delta', /data is not JSON: nope/],
  ['{"delta":', 'message_delta', /data is not JSON/],
  // The rest of an event whose beginning, and the end of whose name, were lost.
  ['n":"x"}}', 'content_bloc', /data is not JSON/],
])('refuses %s', (data, event, message) => {
  expect(() => parsed(data, event)).toThrow(message);
});
