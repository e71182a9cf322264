import type { ServerSentEvent } from '../../src/sse/decoder.js';

/** Event streams with LF line ends, and what is in them. Shared by the decoder's tests. */
export interface Fixture {
  name: string;
  text: string;
  events: ServerSentEvent[];
}

const fixture = (
  name: string,
  text: string,
  ...events: (readonly [event: string, data: string])[]
): Fixture => ({ name, text, events: events.map(([event, data]) => ({ event, data })) });

export const FIXTURES: readonly Fixture[] = [
  fixture('nothing', ''),
  fixture('one event', 'event: ping\ndata: {"type": "ping"}\n\n', ['ping', '{"type": "ping"}']),
  fixture('two events', 'event: a\ndata: 1\n\nevent: b\ndata: 2\n\n', ['a', '1'], ['b', '2']),
  fixture('a BOM', '\ufeffevent: a\ndata: 1\n\n', ['a', '1']),
  fixture('a BOM and no event line', '\ufeffdata: 1\n\n', ['', '1']),
  fixture('a second BOM is part of the line', '\ufeff\ufeffdata: 1\n\ndata: 2\n\n', ['', '2']),
  fixture('only a BOM', '\ufeff'),
  fixture(
    'U+FEFF in the data',
    'data: a\ufeffb\n\ndata: \ufeffc\n\n',
    ['', 'a\ufeffb'],
    ['', '\ufeffc'],
  ),
  fixture('U+FEFF at the start of a later line', 'data: 1\n\ufeffdata: 2\n\n', ['', '1']),
  fixture('comments', ': hi\nevent: a\n:\n:no space\ndata: 1\n: data: 2\n\n: bye\n\n', ['a', '1']),
  fixture('data without a space', 'event:a\ndata:{"a":1}\n\n', ['a', '{"a":1}']),
  fixture('only the first space is dropped', 'event:  a\ndata:   1 \n\n', [' a', '  1 ']),
  fixture('a tab is not dropped', 'data:\t1\n\n', ['', '\t1']),
  fixture('no event line', 'data: 1\n\ndata: 2\n\n', ['', '1'], ['', '2']),
  fixture(
    'an event name holds for one event',
    'event: a\ndata: 1\n\ndata: 2\n\n',
    ['a', '1'],
    ['', '2'],
  ),
  fixture('the last event name counts', 'event: a\nevent: b\ndata: 1\n\n', ['b', '1']),
  fixture('an event name after the data', 'data: 1\nevent: a\n\n', ['a', '1']),
  fixture(
    'no final blank line',
    'event: a\ndata: 1\n\nevent: b\ndata: 2\n',
    ['a', '1'],
    ['b', '2'],
  ),
  fixture('no final line end', 'event: a\ndata: 1\n\nevent: b\ndata: 2', ['a', '1'], ['b', '2']),
  fixture('an unfinished event without data', 'data: 1\n\nevent: b', ['', '1']),
  fixture('several data lines', 'event: a\ndata: {\ndata: "a": 1\ndata:}\n\n', [
    'a',
    '{\n"a": 1\n}',
  ]),
  fixture('empty data lines', 'data:\n\ndata: \ndata\n\n', ['', ''], ['', '\n']),
  fixture('an event without data is none', 'event: a\n\ndata: 1\n\n', ['', '1']),
  fixture('unknown fields', 'id: 7\nretry: 10\nfoo: bar\ndatum: 2\nDATA: 3\ndata: 1\nfoo\n\n', [
    '',
    '1',
  ]),
  fixture(
    'a space before the name or the colon makes another field',
    ' data: 1\ndata : 2\ndata: 3\n\n',
    ['', '3'],
  ),
  fixture('blank lines around', '\n\n\ndata: 1\n\n\n\ndata: 2\n\n\n', ['', '1'], ['', '2']),
  fixture('colons in the data', 'data: a: b:: c\n\n', ['', 'a: b:: c']),
  fixture(
    'characters of two to four bytes',
    'data: é語🌊𝔘\n\ndata: 👩‍👩‍👧\n\n',
    ['', 'é語🌊𝔘'],
    ['', '👩‍👩‍👧'],
  ),
  fixture('line separators that are none', 'data: a\u2028b\u0085c\u000bd\n\n', [
    '',
    'a\u2028b\u0085c\u000bd',
  ]),
  fixture('NUL', 'data: a\0b\n\n', ['', 'a\0b']),
];

export const LINE_ENDS: Readonly<Record<string, string>> = { LF: '\n', CRLF: '\r\n', CR: '\r' };
