import { afterAll, describe, expect, it } from 'vitest';
import type { SyncMessageStream } from '../../src/sync/sync-message-stream.js';
import { millrace } from './built.js';
import { PARAMS, type Setting, setting, thrownBy } from './support.js';

const used: Setting[] = [];
afterAll(() => {
  for (const each of used) each[Symbol.dispose]();
});

/** A stream of a scenario, with a client of its own. */
function open(scenario: string): Setting & { stream: SyncMessageStream } {
  const made = setting(scenario);
  used.push(made);
  return { ...made, stream: made.client.messages.stream(PARAMS) };
}

const typesOf = (events: Iterable<{ type: string }>): string[] =>
  [...events].map(({ type }) => type);

const WHOLE = [
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
];

describe('reading a message', () => {
  it('gives the events, the two ends with what they end', () => {
    const events = [...open('rich').stream];
    const stops = events.filter(({ type }) => type === 'content_block_stop');
    expect(stops.map((stop) => (stop as { content_block: object }).content_block)).toEqual([
      { type: 'thinking', thinking: 'Let me think.', signature: 'sig' },
      { type: 'text', text: 'It is 21 °C' },
      { type: 'tool_use', id: 'toolu_2', name: 'get_weather', input: { city: 'Zürich' } },
    ]);
    const last = events.at(-1) as { type: string; message: { stop_reason: string } };
    expect([last.type, last.message.stop_reason]).toEqual(['message_stop', 'tool_use']);
    expect(events).toContainEqual({ type: 'brand_new', x: 1 });
    expect(typesOf(events)).not.toContain('ping');
  });

  it('gives the text, the final text and the final message, in any order', () => {
    const { stream } = open('hello');
    expect(stream.getFinalText()).toBe('Hello, wörld');
    expect([...stream.textStream]).toEqual(['Hello, wörld']);
    expect(stream.getFinalMessage()).toBe(stream.currentMessageSnapshot);
    expect(stream.untilDone()).toBeUndefined();
    expect([...open('hello').stream.textStream]).toEqual(['Hello', ', wörld']);
  });

  it('has a snapshot of what was handed out, and no more, that is never changed', () => {
    const { stream } = open('rich');
    const snapshots: (string | undefined)[] = [];
    const kept: unknown[] = [];
    expect(stream.currentMessageSnapshot).toBeUndefined();
    for (const _ of stream) {
      kept.push(stream.currentMessageSnapshot);
      snapshots.push(JSON.stringify(stream.currentMessageSnapshot));
    }
    expect(kept.map((snapshot) => JSON.stringify(snapshot))).toEqual(snapshots);
    expect(new Set(snapshots).size).toBe(13);
    expect(snapshots[0]).toContain('"content":[]');
  });

  it('has the live input of a tool call: one object, which grows', () => {
    const { stream } = open('rich');
    const seen = new Set<unknown>();
    let at = -1;
    for (const event of stream) {
      if (event.type !== 'content_block_delta' || event.delta.type !== 'input_json_delta') continue;
      at = event.index;
      if (event.delta.partial_json !== '') seen.add(stream.liveInput(at));
    }
    const block = stream.getFinalMessage().content[at] as { input: unknown };
    expect([...seen]).toEqual([block.input]);
    expect(stream.liveInput(at)).toBe(block.input);
    expect(stream.liveInput(at + 1)).toBeUndefined();
  });

  it('knows a cut tool input from a whole one', () => {
    const statusOf = (scenario: string): string => {
      const blocks = open(scenario).stream.getFinalMessage().content;
      return millrace.toolInput(blocks.at(-1) as { input: unknown }).status;
    };
    expect([statusOf('cutTool'), statusOf('rich')]).toEqual(['cut', 'complete']);
  });

  it('has response, request id and rate limit as soon as there are headers', async () => {
    const { stream, ask } = open('limited');
    expect([stream.requestId, stream.rateLimit]).toEqual([undefined, undefined]);
    expect(await ask('requests')).toBe('[]');
    const { status, headers } = stream.response;
    expect([status, headers.get('request-id'), headers.getSetCookie()]).toEqual([
      200,
      'req_test',
      ['a=1'],
    ]);
    expect([stream.requestId, stream.rateLimit?.requests?.remaining]).toEqual(['req_test', 49]);
    expect(stream.connect()).toBe(stream);
    expect(stream.getFinalText()).toBe('Hello');
    expect(JSON.parse(await ask('requests'))).toHaveLength(1);
  });

  it('sends the params as they were when it was made', async () => {
    const { client, ask } = open('hello');
    const messages = [...PARAMS.messages];
    const stream = client.messages.stream({ ...PARAMS, messages });
    messages.push({ role: 'user', content: 'More' });
    stream.untilDone();
    expect(JSON.parse(await ask('requests'))).toEqual([{ ...PARAMS, stream: true }]);
  });
});

describe('several readers', () => {
  it('each get all of it: one that comes late gets the past merged', () => {
    const { stream } = open('hello');
    const first = stream[Symbol.iterator]();
    for (let i = 0; i < 4; i++) first.next();
    const late = [...stream];
    expect(typesOf(late)).toEqual(WHOLE.filter((_, i) => i !== 3));
    expect(late[2]).toMatchObject({ delta: { text: 'Hello, wörld' } });
    expect(typesOf([...first])).toEqual(WHOLE.slice(4));
    expect(typesOf(stream)).toEqual(WHOLE.filter((_, i) => i !== 3));
  });

  it('go on by themselves: one that lags has its deltas merged, one that leaves leaves the rest', () => {
    const { stream } = open('hello');
    const slow = stream[Symbol.iterator]();
    slow.next();
    for (const text of stream.textStream) {
      if (text === 'Hello') break;
    }
    expect(typesOf(stream)).toEqual(WHOLE);
    expect(typesOf(slow)).toEqual(WHOLE.slice(1).filter((_, i) => i !== 2));
    expect(slow.next()).toEqual({ done: true, value: undefined });
  });
});

describe('leaving', () => {
  const LEAVING: [name: string, leave: (stream: SyncMessageStream) => void, message: RegExp][] = [
    [
      'break',
      (stream) => {
        for (const _ of stream) break;
      },
      /^the reader left the stream before its end \(request req_test, after no content\)$/,
    ],
    [
      'an exception in the loop',
      (stream) => {
        thrownBy(() => {
          for (const _ of stream.textStream) throw new Error('mine');
        });
      },
      /^the reader left .* after 80 characters in 1 block\)$/,
    ],
    [
      'close()',
      (stream) => stream.connect().close(),
      /^the stream was closed \(request req_test\)$/,
    ],
    [
      'using',
      (stream) => {
        using used = stream;
        used[Symbol.iterator]().next();
      },
      /^the stream was closed /,
    ],
  ];

  it.each(LEAVING)('%s frees the request, and readers are told', async (_name, leave, message) => {
    const { stream, ask } = open('endless');
    leave(stream);
    expect(await ask('left')).toBe('yes');
    const error = thrownBy(() => stream.getFinalMessage()) as Error;
    expect(error).toBeInstanceOf(millrace.APIUserAbortError);
    expect(error.message).toMatch(message);
    for (const read of [() => [...stream.textStream], () => stream.untilDone()]) {
      expect(thrownBy(read)).toBe(error);
    }
    expect(stream.attempts).toMatchObject([{ outcome: 'failed', error }]);
  });

  it('before the first need sends nothing', async () => {
    const { stream, ask } = open('hello');
    stream.close();
    expect(thrownBy(() => stream.response)).toBeInstanceOf(millrace.APIUserAbortError);
    expect(await ask('requests')).toBe('[]');
  });

  it('after the end does nothing', () => {
    const { stream } = open('hello');
    const text = stream.getFinalText();
    stream.close();
    stream[Symbol.dispose]();
    expect(stream.getFinalText()).toBe(text);
  });

  it('what was received stays: an error comes after the events before it, and has the message', () => {
    const { stream } = open('endless');
    const reader = stream[Symbol.iterator]();
    for (let i = 0; i < 3; i++) reader.next();
    stream.close();
    const error = thrownBy(() => reader.next()) as { partialMessage: unknown };
    expect(error.partialMessage).toBe(stream.currentMessageSnapshot);
    expect(stream.currentMessageSnapshot?.content).toEqual([
      { type: 'text', text: 'x'.repeat(80) },
    ]);
    expect(reader.next()).toEqual({ done: true, value: undefined });
  });
});

describe('many streams of one client', () => {
  it('one after another, over one connection', async () => {
    const { client } = open('echo');
    const texts = Array.from({ length: 50 }, (_, n) =>
      client.messages.stream({ ...PARAMS, model: `model-${n}` }).getFinalText(),
    );
    expect(texts.map((text) => JSON.parse(text).body.model)).toEqual(
      Array.from({ length: 50 }, (_, n) => `model-${n}`),
    );
  });

  it('interleaved, event by event', () => {
    const { client } = open('echo');
    const streams = ['a', 'b', 'c'].map((model) => client.messages.stream({ ...PARAMS, model }));
    const readers = streams.map((stream) => stream[Symbol.iterator]());
    const rounds: string[][] = [];
    for (;;) {
      const results = readers.map((reader) => reader.next());
      if (results.every(({ done }) => done)) break;
      rounds.push(results.map(({ value }) => value?.type ?? 'none'));
    }
    expect(rounds).toHaveLength(6);
    expect(rounds.every((types) => new Set(types).size === 1)).toBe(true);
    const models = streams.map((stream) => JSON.parse(stream.getFinalText()).body.model);
    expect(models).toEqual(['a', 'b', 'c']);
  });

  it('one that is not read on does not block the others', () => {
    const { client, stream } = open('endless');
    const reader = stream[Symbol.iterator]();
    reader.next();
    const other = client.messages.stream(PARAMS);
    const texts = other.textStream[Symbol.iterator]();
    let length = 0;
    while (length < 1_000_000) length += texts.next().value?.length ?? 0;
    other.close();
    expect(reader.next().value?.type).toBe('content_block_start');
  });
});

describe('retries and recovery', () => {
  it('tries again before content, in one stream', () => {
    const made = setting('flaky', { maxRetries: 2 });
    used.push(made);
    const stream = made.client.messages.stream(PARAMS);
    expect(typesOf(stream).filter((type) => type === 'message_start')).toHaveLength(1);
    expect([stream.getFinalText(), stream.requestId]).toEqual(['At last', 'req_third']);
    expect(stream.attempts).toMatchObject([
      { outcome: 'failed', error: { name: 'OverloadedError', requestId: 'req_test' } },
      { outcome: 'failed', requestId: 'req_second', error: { name: 'OverloadedError' } },
      { outcome: 'complete', requestId: 'req_third', error: undefined },
    ]);
  });

  it('lists the error that it throws', () => {
    const { stream } = open('flaky');
    const error = thrownBy(() => stream.untilDone());
    expect(stream.attempts.map((attempt) => attempt.error)).toEqual([error]);
    expect(stream.attempts[0]?.error).toBe(error);
  });

  it('goes on with a text that was cut, where it was asked to', () => {
    const { client } = open('cut');
    const stream = client.messages.stream(PARAMS, { recover: { mode: 'prefill' } });
    const texts = [...stream.textStream];
    expect(texts.join('')).toBe('Once upon a time there was.');
    expect(stream.getFinalText()).toBe(texts.join(''));
    expect(stream.attempts).toMatchObject([
      { kind: 'request', outcome: 'failed', received: { characters: 16 } },
      { kind: 'prefill', outcome: 'complete', received: { characters: 11 }, requestId: 'req_rest' },
    ]);
  });

  it('starts a block from scratch that cannot be continued', () => {
    const { client } = open('cutThinking');
    const stream = client.messages.stream(PARAMS, { recover: true });
    const places = [...stream].flatMap((event) =>
      event.type === 'content_block_start' ? [(event as { index: number }).index] : [],
    );
    expect(places).toEqual([0, 0, 1]);
    expect(stream.getFinalMessage().content).toMatchObject([
      { thinking: 'Anew.', signature: 'sig2' },
      { text: 'Yes' },
    ]);
  });
});
