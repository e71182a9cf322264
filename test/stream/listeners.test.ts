import { describe, expect, it } from 'vitest';
import { AnthropicError } from '../../src/errors.js';
import type { MessageStreamListeners } from '../../src/stream/listeners.js';
import type { MessageStream } from '../../src/stream/message-stream.js';
import { errorEvent, sse } from '../contract/wire.js';
import { deferred } from '../support/deferred.js';
import { rawServer, type Script, SEEN } from '../support/raw-server.js';
import {
  BROKEN,
  clientOf,
  collectRaised,
  failure,
  idle,
  PARAMS,
  RICH,
  RICH_TEXT,
  take,
} from './support.js';

/** All but those that only a recovery calls. */
type Name = Exclude<keyof MessageStreamListeners, 'recover' | 'restart'>;

const OVERLOADED: Script = {
  status: 529,
  headers: { 'retry-after-ms': '1' },
  body: [JSON.stringify(errorEvent('overloaded_error'))],
};
const WHOLE: Script = { body: [sse(...RICH)] };

/** What the listeners of one name get from an overloaded server that then gives `RICH`. */
const told: Readonly<Record<Exclude<Name, 'error'>, unknown[][]>> = {
  connect: [[expect.any(Response)]],
  retry: [[expect.objectContaining({ attempt: 1, delay: 1 })]],
  event: RICH.filter(({ type }) => type !== 'ping').map(({ type }) => [
    expect.objectContaining({ type }),
  ]),
  text: [
    ['It is ', 'It is '],
    ['21 °C', 'It is 21 °C'],
    [' 🌤', RICH_TEXT],
  ],
  thinking: [
    ['Let ', 'Let '],
    ['me ', 'Let me '],
    ['think.', 'Let me think.'],
  ],
  citation: [
    [expect.objectContaining({ cited_text: 'x' }), [expect.objectContaining({ cited_text: 'x' })]],
    [expect.objectContaining({ cited_text: 'y' }), expect.objectContaining({ length: 2 })],
  ],
  signature: [['sig']],
  inputJson: [
    ['', expect.anything()],
    ['{"city": "Zür', expect.anything()],
    ['ich"}', expect.anything()],
  ],
  contentBlock: [
    [expect.objectContaining({ type: 'thinking', signature: 'sig' })],
    [expect.objectContaining({ type: 'text', text: RICH_TEXT })],
    [expect.objectContaining({ type: 'tool_use', input: { city: 'Zürich' } })],
  ],
  message: [[expect.objectContaining({ id: 'msg_1', stop_reason: 'tool_use' })]],
  ping: [[]],
  end: [[]],
};

const names = Object.keys(told) as Exclude<Name, 'error'>[];

/** Listens and keeps what it is told. */
function heard(stream: MessageStream, name: Name): unknown[][] {
  const calls: unknown[][] = [];
  stream.on(name, (...args: unknown[]) => void calls.push(args));
  return calls;
}

const ended = (stream: MessageStream): Promise<void> => {
  const { promise, resolve } = deferred();
  stream.on('end', resolve);
  return promise;
};

const throwing = (error: unknown) => (): never => {
  throw error;
};
const rejecting = (error: unknown) => (): Promise<never> => Promise.reject(error);

describe.each(names)('a listener for %s', (name) => {
  it('is told what happens', async () => {
    await using server = await rawServer([OVERLOADED, WHOLE]);
    const stream = clientOf(server, { maxRetries: 1 }).messages.stream(PARAMS);
    const calls = heard(stream, name);
    await ended(stream);
    expect(calls).toEqual(told[name]);
  });

  it.each(Object.entries({ throws: throwing, rejects: rejecting }))(
    'that %s is reported to error listeners, and stops nothing',
    async (_, fails) => {
      await using server = await rawServer([OVERLOADED, WHOLE]);
      const stream = clientOf(server, { maxRetries: 1 }).messages.stream(PARAMS);
      const cause = new Error('mine');
      const errors = heard(stream, 'error');
      stream.on(name, fails(cause));
      const others = heard(stream, name);
      const message = await stream.getFinalMessage();
      await idle();
      expect(others).toEqual(told[name]);
      expect(errors).toHaveLength(told[name].length);
      for (const [error] of errors as [AnthropicError][]) {
        expect(error).toBeInstanceOf(AnthropicError);
        expect(error).toMatchObject({ message: `a listener for '${name}' threw: mine`, cause });
      }
      expect(message.stop_reason).toBe('tool_use');
      expect(await stream.getFinalText()).toBe(RICH_TEXT);
    },
  );

  it('that throws what is no error is reported too', async () => {
    await using server = await rawServer([OVERLOADED, WHOLE]);
    const stream = clientOf(server, { maxRetries: 1 }).messages.stream(PARAMS);
    const errors = heard(stream, 'error');
    stream.on(name, throwing('a word'));
    await stream.untilDone();
    await idle();
    expect(errors[0]).toEqual([expect.objectContaining({ cause: 'a word' })]);
  });

  it('that was attached with once() is told once', async () => {
    await using server = await rawServer([OVERLOADED, WHOLE]);
    const stream = clientOf(server, { maxRetries: 1 }).messages.stream(PARAMS);
    const calls: unknown[][] = [];
    expect(stream.once(name, (...args: unknown[]) => void calls.push(args))).toBe(stream);
    await stream.untilDone();
    await idle();
    expect(calls).toEqual(told[name].slice(0, 1));
  });

  it('that was taken off is told nothing', async () => {
    await using server = await rawServer([OVERLOADED, WHOLE]);
    const stream = clientOf(server, { maxRetries: 1 }).messages.stream(PARAMS);
    const calls: unknown[][] = [];
    const listener = (...args: unknown[]): void => void calls.push(args);
    stream.on(name, listener);
    expect(stream.off(name, listener)).toBe(stream);
    await stream.untilDone();
    await idle();
    expect(calls).toEqual([]);
  });

  it('that comes after the end is told of ends only, once', async () => {
    await using server = await rawServer([OVERLOADED, WHOLE]);
    const stream = clientOf(server, { maxRetries: 1 }).messages.stream(PARAMS);
    await stream.untilDone();
    await idle();
    const calls = heard(stream, name);
    await idle();
    const tells = ['connect', 'message', 'end'].includes(name);
    expect(calls).toEqual(tells ? told[name] : []);
  });

  it('that comes after the end and is taken off at once is told nothing', async () => {
    await using server = await rawServer([OVERLOADED, WHOLE]);
    const stream = clientOf(server, { maxRetries: 1 }).messages.stream(PARAMS);
    await stream.untilDone();
    const calls: unknown[][] = [];
    const listener = (...args: unknown[]): void => void calls.push(args);
    stream.on(name, listener).off(name, listener);
    await idle();
    expect(calls).toEqual([]);
  });
});

it('of a name that is none is refused, and makes nothing be read', async () => {
  await using server = await rawServer([WHOLE]);
  const stream = clientOf(server).messages.stream(PARAMS);
  for (const name of ['abort', 'toString', 'finalMessage'] as unknown as Name[]) {
    const said = `there is no event named '${name}'`;
    expect(() => stream.on(name, () => {})).toThrow(said);
    expect(() => stream.once(name, () => {})).toThrow(AnthropicError);
  }
  const misspelled = 'txt' as unknown as Name;
  expect(() => stream.on(misspelled, () => {})).toThrow(/named 'txt'; did you mean 'text'\?$/);
  const unlike = 'abort' as unknown as Name;
  expect(() => stream.on(unlike, () => {})).toThrow(/'abort': the events are connect, retry, /);
  await idle();
  expect(server.exchanges).toEqual([]);
});

describe('error listeners', () => {
  it('are told of the error that the stream ends with, then of the end', async () => {
    await using server = await rawServer({ body: [sse(...BROKEN)] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const order: unknown[] = [];
    stream.on('error', (error) => order.push(error)).on('end', () => order.push('end'));
    const error = await failure(stream.untilDone());
    expect(error).toMatchObject({ name: 'OverloadedError' });
    expect(order).toEqual([error, 'end']);
  });

  it('that come late are told of it, once', async () => {
    await using server = await rawServer({ body: [sse(...BROKEN)] });
    const stream = clientOf(server).messages.stream(PARAMS);
    const error = await failure(stream.untilDone());
    const calls = heard(stream, 'error');
    const once: unknown[] = [];
    stream.once('error', (late) => once.push(late));
    await idle();
    expect(calls).toEqual([[error]]);
    expect(once).toEqual([error]);
  });

  it.each(Object.entries({ throws: throwing, rejects: rejecting }))(
    'of which one %s: the others are told, it stops nothing, and it is raised',
    async (_, fails) => {
      using raised = collectRaised();
      await using server = await rawServer({ body: [sse(...BROKEN)] });
      const stream = clientOf(server).messages.stream(PARAMS);
      stream.on('error', fails(new Error('mine')));
      const errors = heard(stream, 'error');
      const ends = heard(stream, 'end');
      const error = await failure(stream.untilDone());
      await idle();
      expect(errors).toEqual([[error]]);
      expect(ends).toEqual([[]]);
      expect(raised.messages).toEqual(["a listener for 'error' threw: mine"]);
    },
  );

  it.each(['error', 'end'] as const)(
    'a listener for %s that is attached right before close() is told once',
    async (name) => {
      await using server = await rawServer(WHOLE);
      const stream = clientOf(server).messages.stream(PARAMS);
      const calls = heard(stream, name);
      stream.close();
      await idle();
      expect(calls).toHaveLength(1);
      expect(server.exchanges).toHaveLength(0);
    },
  );

  it('a listener for the end that is attached by the last listener is told once', async () => {
    await using server = await rawServer(WHOLE);
    const stream = clientOf(server).messages.stream(PARAMS);
    const calls: string[] = [];
    stream.on('message', () => stream.on('end', () => void calls.push('end')));
    await stream.untilDone();
    await idle();
    expect(calls).toEqual(['end']);
  });

  it.each([
    ['error', 'end'],
    ['error', 'error'],
    ['end', 'error'],
    ['end', 'end'],
  ] as const)(
    'a listener for %s that attaches one for %s: it is told once',
    async (first, second) => {
      await using server = await rawServer({ body: [sse(...BROKEN)] });
      const stream = clientOf(server).messages.stream(PARAMS);
      const calls: unknown[][] = [];
      stream.on(first, () => {
        stream.on(second, (...args: unknown[]) => void calls.push(args));
      });
      stream.on('error', () => {});
      await failure(stream.untilDone());
      await idle();
      expect(calls).toHaveLength(1);
    },
  );
});

describe('a listener alone', () => {
  it.each(names)('for %s makes the stream read to its end', async (name) => {
    await using server = await rawServer([OVERLOADED, WHOLE]);
    const stream = clientOf(server, { maxRetries: 1 }).messages.stream(PARAMS);
    heard(stream, name);
    await (await server.exchange(1)).played;
    await fetch(server.url).then((response) => response.text());
    await idle();
    expect(stream.currentMessageSnapshot?.stop_reason).toBe('tool_use');
  });
});

describe('listeners that look on (connect, retry, error)', () => {
  it('leave the pace to the reader', async () => {
    await using server = await rawServer({
      body: [sse(...RICH.slice(0, 5)), SEEN, sse(...RICH.slice(5))],
    });
    const stream = clientOf(server).messages.stream(PARAMS);
    const reader = stream[Symbol.asyncIterator]();
    const first = reader.next();
    for (const name of ['connect', 'retry', 'error'] as const) heard(stream, name);
    await first;
    const exchange = await server.exchange();
    exchange.seen();
    await exchange.played;
    await idle();
    expect(stream.currentMessageSnapshot?.content).toEqual([]);
    await take(reader, 1);
    expect(stream.currentMessageSnapshot?.content).toHaveLength(1);
  });
});

describe('listeners and readers together', () => {
  it('all see the whole message, however slow one is', async () => {
    await using server = await rawServer(WHOLE);
    const stream = clientOf(server).messages.stream(PARAMS);
    let text = '';
    stream.on('text', (piece) => {
      text += piece;
    });
    let read = '';
    for await (const piece of stream.textStream) {
      await idle();
      read += piece;
    }
    expect([text, read]).toEqual([RICH_TEXT, RICH_TEXT]);
  });

  it('attached one after the other they all get the first event', async () => {
    await using server = await rawServer(WHOLE);
    const stream = clientOf(server).messages.stream(PARAMS);
    const calls = [heard(stream, 'event'), heard(stream, 'event'), heard(stream, 'event')];
    await stream.untilDone();
    expect(calls.map(({ length }) => length)).toEqual(Array(3).fill(RICH.length - 1));
  });
});
