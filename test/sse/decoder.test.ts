import { describe, expect, it } from 'vitest';
import { SseDecoder } from '../../src/sse/decoder.js';
import { byteByByte, bytesOf, inPieces, splitsInTwo } from '../support/chunks.js';
import { decode, decodeByMatch } from './decode.js';
import { FIXTURES, LINE_ENDS } from './fixtures.js';

describe.each([
  ['next', decode],
  ['match', decodeByMatch],
])('by %s,', (_, decode) => {
  describe.each(Object.entries(LINE_ENDS))('with %s', (_, lineEnd) => {
    it.each(FIXTURES)('$name', ({ text, events }) => {
      const bytes = bytesOf(text.replaceAll('\n', lineEnd));
      expect(decode([bytes])).toEqual(events);
      expect(decode(byteByByte(bytes))).toEqual(events);
      for (const [first, second] of splitsInTwo(bytes)) {
        expect(decode([first, second]), `cut at ${first.length}`).toEqual(events);
      }
    });
  });

  it('takes the line ends mixed', () => {
    const text = 'event: a\rdata: 1\n\r\nevent: b\r\ndata: 2\r\rdata: 3\n\n';
    const events = [
      { event: 'a', data: '1' },
      { event: 'b', data: '2' },
      { event: '', data: '3' },
    ];
    for (const [first, second] of splitsInTwo(bytesOf(text))) {
      expect(decode([first, second]), `cut at ${first.length}`).toEqual(events);
    }
  });
});

describe('a match', () => {
  const pattern = /event: \w+\ndata: (\w+)\n\n/y;
  const decoderOf = (text: string, maxEventBytes?: number): SseDecoder => {
    const decoder = new SseDecoder(maxEventBytes);
    decoder.push(bytesOf(text));
    return decoder;
  };

  it('takes nothing until it is skipped', () => {
    const decoder = decoderOf('event: a\ndata: 1\n\nevent: b\ndata: 2\n\n');
    expect(decoder.match(pattern)?.[1]).toBe('1');
    expect(decoder.next()).toEqual({ event: 'a', data: '1' });
    expect(decoder.match(pattern)?.[1]).toBe('2');
  });

  it.each([
    ['nothing', ''],
    ['the middle of an event', 'data: 0\n', 'event: a\ndata: 1\n\n'],
    ['what follows the name of an event', 'event: a\n', 'event: b\ndata: 1\n\n'],
    ['an event that may be over the limit', 'event: a\ndata: 0123456789\n\n'],
  ])('is not %s', (_, ...chunks) => {
    const decoder = decoderOf('', 60);
    for (const chunk of chunks) {
      expect(decoder.next()).toBeUndefined();
      decoder.push(bytesOf(chunk));
    }
    expect(decoder.match(pattern)).toBeNull();
  });

  it('has the id of an earlier event, which may have arrived apart', () => {
    const decoder = decoderOf('id: 1\n');
    expect(decoder.next()).toBeUndefined();
    decoder.push(bytesOf('event: a\ndata: 1\n\n'));
    decoder.skip(decoder.match(pattern) as RegExpExecArray);
    expect(decoder.lastEventId).toBe('1');
  });
});

it('takes empty chunks anywhere, between CR and LF too', () => {
  for (const { text, events } of FIXTURES) {
    const bytes = bytesOf(text.replaceAll('\n', '\r\n'));
    expect(decode(inPieces(bytes, [0, 1, 0]))).toEqual(events);
  }
});

it('takes chunks of which nothing was read in between', () => {
  for (const [first, second] of splitsInTwo(bytesOf('data: 1\r\n\r\ndata: 2\r\rdata: 3\n\n'))) {
    const decoder = new SseDecoder();
    decoder.push(first);
    decoder.push(second);
    const data = [decoder.next(), decoder.next(), decoder.next()].map((event) => event?.data);
    expect(data, `cut at ${first.length}`).toEqual(['1', '2', '3']);
  }
});

it('gives an event as soon as its blank line is there, whatever comes next', () => {
  for (const blank of ['\n\n', '\r\n\r\n', '\r\r']) {
    const decoder = new SseDecoder();
    decoder.push(bytesOf(`data: 1${blank}`));
    expect(decoder.next()).toEqual({ event: '', data: '1' });
    expect(decoder.next()).toBeUndefined();
    expect(decoder.end()).toBeUndefined();
    decoder.push(bytesOf(`data: 2${blank}data: ${'3'.repeat(1_000)}`));
    expect(decoder.next()).toEqual({ event: '', data: '2' });
    expect(decoder.next()).toBeUndefined();
  }
});

it('replaces bytes that are not UTF-8, and goes on', () => {
  const bytes = Uint8Array.from([
    ...bytesOf('data: a'),
    0xff,
    0xe8,
    0xaa,
    ...bytesOf('\n\ndata: b\n\n'),
  ]);
  for (const chunks of [[bytes], byteByByte(bytes)]) {
    expect(decode(chunks)).toEqual([
      { event: '', data: 'a\ufffd\ufffd' },
      { event: '', data: 'b' },
    ]);
  }
});

describe('the id of the last event', () => {
  const ids = (chunks: readonly string[]): string[] => {
    const decoder = new SseDecoder();
    const seen: string[] = [];
    for (const chunk of chunks) {
      decoder.push(new TextEncoder().encode(chunk));
      while (decoder.next() !== undefined) seen.push(decoder.lastEventId);
    }
    return seen;
  };
  const text = 'id: 1\nevent: a\ndata: x\n\ndata: y\n\nid\ndata: z\n\nid:2\n\ndata: w\n\n';

  it('is that of the event, or of the latest before it that had one', () => {
    expect(ids([text])).toEqual(['1', '1', '', '2']);
  });

  it('is the same however the bytes are cut', () => {
    expect(ids([...text])).toEqual(['1', '1', '', '2']);
  });

  it('counts once its event is whole', () => {
    const decoder = new SseDecoder();
    decoder.push(new TextEncoder().encode('id: 1\ndata: x\n\nid: 2\ndata: y\n'));
    decoder.next();
    decoder.next();
    expect(decoder.lastEventId).toBe('1');
  });

  it('comes with the time that the server asks to wait', () => {
    const decoder = new SseDecoder();
    decoder.push(new TextEncoder().encode('retry: 250\nretry: soon\n\n'));
    decoder.next();
    expect(decoder.retry).toBe(250);
  });
});
