import { describe, expect, it } from 'vitest';
import { awayOf, silencesOf } from '../../inspector/src/call/silence.js';
import { toChromeTrace } from '../../inspector/src/export/chrome-trace.js';
import { toCurl } from '../../inspector/src/export/curl.js';
import { RecordedFile } from '../../inspector/src/recording/recorded-file.js';
import { recordings } from '../support/recordings.js';
import { callsIn, only, told } from './derive.js';
import { retried, Sample, searched, stalled } from './samples.mjs';

describe('the diagnosis', () => {
  const partial = (): Sample => new Sample().wait(400).head().start().text_(0, 'To the wheel', 10);
  // biome-ignore format: a table
  const CASES: readonly [what: string, recording: string, sentence: string | RegExp][] = [
    ['a stall and a cut', stalled(), 'First token after 2.2 s; one stall of 31 s after block 1 (text) while 3 pings arrived; ended by StreamTruncatedError: the stream ended before its message did.'],
    ['a server tool', searched(), 'First token after 1.2 s; one pause of 2.3 s while web_search ran; complete after 10 s (tool_use).'],
    ['a refusal', new Sample().wait(90).head(401).bytes('{"type":"error","error":{"type":"authentication_error","message":"no"}}').end().text, 'HTTP 401 after 90 ms; ended by AuthenticationError: HTTP 401 authentication_error: no.'],
    ['no connection', new Sample().wait(30).end('broken').text, 'No response; ended by APIConnectionError: the connection failed before a response.'],
    ['a client that left in silence', partial().wait(40_000).end('left').text, /^First token after .*; one stall of 40 s .*; the client left after 40 s, 40 s after the last byte\.$/],
    ['a clock of the client', partial().wait(30_000).note('call', { outcome: 'idle', error: { name: 'APITimeoutError', message: 'no bytes within 30 s' } }).end('left').text, /ended by APITimeoutError: no bytes within 30 s\.$/],
    ['an error event', partial().event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }).end().text, /ended by OverloadedError: overloaded_error: Overloaded\.$/],
    ['no message_stop', partial().event('message_delta', { delta: { stop_reason: 'end_turn' } }).end().text, /complete after \d+ ms \(end_turn\), without its message_stop\.$/],
    ['two short waits and a long one', partial().wait(31_000).stop().end().text, /; one stall of 31 s after block 0 \(text\); complete/],
    ['a stall among slow words', new Sample().head().start().text_(0, 'one two three four', 2_000).wait(30_000).stop().end().text, /; one stall of 30 s after block 0 \(text\); complete/],
    ['a slow reader', partial().wait(8_000).note('read', { away: 8_000 }).stop().end().text, /^First token after \d+ ms; complete after 8\.5 s \(end_turn\); the reader was 8 s behind\.$/],
    ['a stream that goes on', partial().text, /^First token after \d+ ms; no end so far\.$/],
    ['a request that waits', new Sample().text, 'Waiting for a response; no end so far.'],
    ['events without times', '{"type":"message_start","message":{"id":"m","content":[],"usage":{}}}\n{"type":"message_stop"}', 'No token; complete.'],
    ['events that were cut', '{"type":"message_start","message":{"id":"m","content":[]}}\n{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"x"}}', 'First token: not recorded; ended by StreamTruncatedError: the stream ended before its message did.'],
  ];

  it.each(CASES)('of %s', (_, recording, sentence) => {
    const said = told(only(recording)).sentence;
    if (typeof sentence === 'string') expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
  });

  it('names retries, recoveries and tools of a call in several files', () => {
    const calls = callsIn(retried());
    expect(calls.map(({ attempts }) => attempts.length)).toEqual([4, 1]);
    const [first] = calls;
    expect(first && told(first).sentence).toBe(
      'First token after 3.5 s; 2 retries after OverloadedError; 1 recovery after APIConnectionError; ' +
        'complete after 11 s (tool_use); the reader was 2.4 s behind.',
    );
    expect(first && told(first).facts).toMatchObject({
      retries: 2,
      recoveries: 1,
      firstByte: 3_080,
      longestGap: 2_400,
    });
  });
});

it('tells a silent server from a program that does not read', () => {
  const [call] = callsIn(retried());
  if (call === undefined) throw new Error('there is no call');
  const [silence] = silencesOf(call);
  expect(silence).toMatchObject({ away: 2_400, pings: 0, isLast: false });
  expect(awayOf(call.last)).toEqual([{ from: expect.any(Number), to: expect.any(Number) }]);
});

it('keeps the bytes of each chunk, whatever characters it has, and however the file grew', () => {
  const texts = [
    'data: a\n\n',
    'data: ü',
    '\u07ff\u0800',
    '£€',
    '🌊\n',
    '\n',
    'half \ud83c',
    '\udf0a of one',
  ];
  const large = 'data: 水\n\n'.repeat(40_000);
  const sample = new Sample().head();
  for (const text of [...texts, large, ...texts]) sample.bytes(text);
  const whole = only(sample.end().text).first;
  const encoder = new TextEncoder();
  expect(whole.chunks.map(({ bytes }) => bytes)).toEqual(
    [...texts, large, ...texts].map((text) => encoder.encode(text)),
  );
  const grown = new RecordedFile('x.jsonl');
  for (const line of sample.text.split(/(?<=\n)/)) grown.push(line);
  expect(grown.attempts[0]?.events).toEqual(whole.events);
});

it('shows the message as of any event', () => {
  const { first: attempt } = only(searched());
  const [, search, , text, tool] = attempt.blocks;
  const lengths = attempt.events.map((_, at) => text?.textAt(at + 1).length ?? 0);
  expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
  expect(search?.textAt(attempt.events.length)).toBe(
    '{"query":"mill race hydraulic head of water"}',
  );
  expect(tool?.textAt((tool?.from ?? 0) + 3)).toBe('{"title":"A ');
  expect(attempt.message?.content).toHaveLength(5);
});

it('reads a file that grows as it reads a whole one', () => {
  const whole = told(only(stalled()));
  for (const size of [1, 7, 1_000]) {
    const file = new RecordedFile('x.jsonl');
    const text = stalled();
    for (let at = 0; at < text.length; at += size) file.push(text.slice(at, at + size));
    expect(file.problem).toBeUndefined();
    expect(told(only(text))).toEqual(whole);
    expect(file.attempts[0]?.events.length).toBe(only(text).count);
  }
});

it('skips notes that it does not know, and says what is no recording', () => {
  const lines = stalled().split('\n');
  lines.splice(4, 0, '{"at":9,"weather":{"sunny":true}}');
  expect(told(only(lines.join('\n')))).toEqual(told(only(stalled())));
  expect(() => only('{"request":{}}\nx')).toThrow(/line 2: .*JSON/);
  expect(() => only('{"name":"package"}')).toThrow('neither a recording nor an event');
  expect(() => only('')).toThrow('the file is empty');
});

it('writes a trace with every request, block, silence and tool', () => {
  const { traceEvents } = toChromeTrace(callsIn({ ...retried(), 'z.jsonl': stalled() }));
  const spans = traceEvents.filter(({ ph }) => ph === 'X').map(({ name }) => name);
  expect(spans.filter((name) => name.startsWith('HTTP'))).toHaveLength(6);
  for (const name of ['thinking', 'text', 'no content', 'get_weather'])
    expect(spans).toContain(name);
  expect(traceEvents.every(({ ts = 0, dur = 0 }) => ts >= 0 && dur >= 0)).toBe(true);
});

it('writes a curl command that a shell takes as it is meant, without a key', () => {
  const headers = { authorization: 'Bearer sk-ant-secret', 'x-note': "it's $HOME" };
  const call = only(new Sample({ headers, body: { system: `'; rm -rf / #` } }).end('broken').text);
  const curl = toCurl(call.first) ?? '';
  expect(curl).toContain(`-H 'x-note: it'\\''s $HOME'`);
  expect(curl).toContain(`"system":"'\\''; rm -rf / #"`);
  expect(curl).toContain('-H "x-api-key: $ANTHROPIC_API_KEY"');
});

const spans = recordings();

describe.skipIf(spans.length === 0)('recorded streams', () => {
  it.each(spans)('$name has the message that it must have', ({ payloads, message }) => {
    const { last } = only(`${payloads.join('\n')}\n`);
    expect(last.failure?.name).toBe(message === undefined ? 'StreamProtocolError' : undefined);
    if (message !== undefined) expect(last.message).toEqual(message);
  });
});
