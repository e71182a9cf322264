import { afterAll, describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import type { MessageStreamListeners } from '../../src/stream/listeners.js';
import type { SyncMessageStream } from '../../src/sync/sync-message-stream.js';
import { millrace } from './built.js';
import { script } from './script.js';
import { addressOf, LIMITED, PARAMS, type Setting, setting, thrownBy } from './support.js';

const used: Setting[] = [];
afterAll(() => {
  for (const each of used) each[Symbol.dispose]();
});

function open(scenario: string, options: object = {}): Setting & { stream: SyncMessageStream } {
  const made = setting(scenario, { maxRetries: 2 });
  used.push(made);
  return { ...made, stream: made.client.messages.stream(PARAMS, options) };
}

type Name = keyof MessageStreamListeners;

const NAMES: Readonly<Record<Name, true>> = {
  connect: true,
  retry: true,
  recover: true,
  restart: true,
  event: true,
  text: true,
  thinking: true,
  citation: true,
  signature: true,
  inputJson: true,
  contentBlock: true,
  message: true,
  ping: true,
  error: true,
  end: true,
};

type Listening = Pick<SyncMessageStream, 'on'>;

/** Everything that any listener receives, in order. */
function heard(stream: Listening): unknown[] {
  const calls: unknown[] = [];
  for (const name of Object.keys(NAMES) as Name[]) {
    stream.on(name, (...args: unknown[]) => void calls.push([name, ...args.map(plain)]));
  }
  return calls;
}

/** What can be compared of an argument: a copy, since tool input grows. */
function plain(value: unknown): unknown {
  if (value instanceof Response) return [value.status, value.headers.get('request-id')];
  if (value instanceof Error) return [value.name, value.message];
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

const SCENARIOS: readonly [scenario: string, options: object, names: Name[]][] = [
  ['rich', {}, ['connect', 'event', 'thinking', 'signature', 'text', 'inputJson', 'ping']],
  ['cutTool', {}, ['inputJson', 'contentBlock', 'message', 'end']],
  ['flaky', {}, ['connect', 'retry', 'message', 'end']],
  ['cut', { recover: { mode: 'prefill' } }, ['recover', 'message', 'end']],
  ['cutThinking', { recover: true }, ['recover', 'restart', 'message', 'end']],
  ['cut', {}, ['text', 'error', 'end']],
];

describe('listeners hear what those of the awaiting client hear, in the same order', () => {
  it.each(SCENARIOS)('%s %j', async (scenario, options, names) => {
    const awaiting = new Anthropic({
      ...LIMITED,
      maxRetries: 2,
      baseURL: addressOf(scenario),
    });
    const theirs = awaiting.messages.stream(PARAMS, options);
    const expected = heard(theirs as unknown as Listening);
    await theirs.untilDone().catch(() => {});
    const { stream } = open(scenario, options);
    const calls = heard(stream);
    attempt(() => stream.untilDone());
    expect(calls).toEqual(expected);
    const seen = new Set(calls.map((call) => (call as [Name])[0]));
    expect(names.filter((name) => !seen.has(name))).toEqual([]);
  });

  it.each<[way: string, read: (stream: SyncMessageStream) => void]>([
    ['events', (stream) => void [...stream]],
    ['text', (stream) => void [...stream.textStream]],
    ['getFinalMessage', (stream) => void stream.getFinalMessage()],
    ['connect, then text', (stream) => void [...stream.connect().textStream]],
  ])('however the stream is read: %s', (_, read) => {
    const { stream: first } = open('rich');
    const expected = heard(first);
    first.untilDone();
    const { stream } = open('rich');
    const calls = heard(stream);
    read(stream);
    expect(calls).toEqual(expected);
  });

  it('each during the read that delivers its event', () => {
    const { stream } = open('hello');
    const order: string[] = [];
    stream.on('text', (delta) => order.push(`heard ${delta}`));
    for (const text of stream.textStream) order.push(`read ${text}`);
    expect(order).toEqual(['heard Hello', 'read Hello', 'heard , wörld', 'read , wörld']);
  });
});

describe('a listener', () => {
  it('does not make the stream read', async () => {
    const { stream, ask } = open('hello');
    const calls = heard(stream);
    await new Promise((resolve) => setTimeout(resolve));
    expect(calls).toEqual([]);
    expect(await ask('requests')).toBe('[]');
  });

  it('with once() is called once, with off() never', () => {
    const { stream } = open('hello');
    const once: string[] = [];
    const off = (): never => {
      throw new Error('called');
    };
    expect(stream.once('text', (delta) => void once.push(delta))).toBe(stream);
    stream.on('text', off);
    expect(stream.off('text', off)).toBe(stream);
    stream.untilDone();
    expect(once).toEqual(['Hello']);
  });

  it('for an event that does not exist is refused', () => {
    const { stream } = open('hello');
    expect(() => stream.on('txt' as 'text', () => {})).toThrow(/did you mean 'text'\?$/);
    expect(() => stream.once('txt' as 'text', () => {})).toThrow(millrace.AnthropicError);
  });

  it('that throws goes to error listeners, and stops nothing', () => {
    const { stream } = open('hello');
    const errors: Error[] = [];
    const cause = new Error('mine');
    stream.on('error', (error) => void errors.push(error));
    stream.on('text', () => {
      throw cause;
    });
    expect([...stream.textStream]).toEqual(['Hello', ', wörld']);
    expect(errors).toMatchObject(
      Array(2).fill({ message: "a listener for 'text' threw: mine", cause }),
    );
  });

  it('that comes after the end is called at once, for ends only', () => {
    const { stream } = open('hello');
    const message = stream.getFinalMessage();
    const calls = heard(stream);
    expect(calls.map((call) => (call as [Name])[0])).toEqual(['connect', 'message', 'end']);
    expect(calls[1]).toEqual(['message', plain(message)]);
    const { stream: failed } = open('cut');
    attempt(() => failed.untilDone());
    const after = heard(failed);
    expect(after.map((call) => (call as [Name])[0])).toEqual(['connect', 'error', 'end']);
  });

  it('that throws without an error listener ends the process, after all was read', async () => {
    const { code, stdout, stderr } = await script(
      `
      const stream = new SyncAnthropic().messages.stream(PARAMS);
      stream.on('text', () => { throw new Error('mine'); });
      console.log(stream.getFinalText());`,
      { ANTHROPIC_BASE_URL: addressOf('hello') },
    ).finished;
    expect([code, stdout]).toEqual([1, 'Hello, wörld\n']);
    expect(stderr).toContain("a listener for 'text' threw: mine");
  });

  it('can close the stream: those who read get APIUserAbortError', async () => {
    for (const read of [
      (stream: SyncMessageStream) => void [...stream],
      (stream: SyncMessageStream) => stream.untilDone(),
    ]) {
      const { stream, ask } = open('endless');
      const ends: Error[] = [];
      stream.on('error', (error) => void ends.push(error)).on('text', () => stream.close());
      const error = thrownBy(() => read(stream)) as Error;
      expect(error).toBeInstanceOf(millrace.APIUserAbortError);
      expect(ends).toEqual([error]);
      expect(stream.currentMessageSnapshot?.content).toHaveLength(1);
      expect(await ask('left')).toBe('yes');
    }
  });

  it('that closes a complete message changes nothing', () => {
    const { stream } = open('hello');
    stream.on('message', () => stream.close());
    expect(stream.getFinalText()).toBe('Hello, wörld');
  });

  it.each<[way: string, read: (stream: SyncMessageStream) => void]>([
    ['events', (stream) => void [...stream]],
    ['text', (stream) => void [...stream.textStream]],
    ['untilDone', (stream) => stream.untilDone()],
    ['getFinalText', (stream) => void stream.getFinalText()],
  ])('can not read the stream (%s), and the outer loop sets its end', async (_, read) => {
    const { stream, ask } = open('endless');
    const errors: Error[] = [];
    stream.on('error', (error) => void errors.push(error));
    stream.once('text', () => read(stream));
    for (const _text of stream.textStream) break;
    expect(errors[0]?.message).toMatch(/cannot be read from inside its own callback/);
    expect(await ask('left')).toBe('yes');
  });

  it('can look at the snapshot, and read another stream', () => {
    const { stream, client } = open('hello');
    const seen: unknown[] = [];
    stream.once('text', () => {
      seen.push(stream.currentMessageSnapshot?.content);
      seen.push(client.messages.stream(PARAMS).getFinalText());
    });
    expect(stream.getFinalText()).toBe('Hello, wörld');
    expect(seen).toEqual([[{ type: 'text', text: 'Hello' }], 'Hello, wörld']);
  });
});

function attempt(call: () => void): void {
  try {
    call();
  } catch {}
}
