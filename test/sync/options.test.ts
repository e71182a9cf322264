import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import type { Observation } from '../../src/observe.js';
import { millrace, sync } from './built.js';
import { addressOf, LIMITED, PARAMS, setting, thrownBy } from './support.js';

const { SyncAnthropic } = sync;
const { AnthropicError } = millrace;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('what cannot cross the thread is refused', () => {
  const REFUSED: [name: string, value: unknown, message: RegExp][] = [
    ['fetch', () => {}, /^fetch cannot cross to the thread that sends the requests/],
    ['agent', {}, /^agent cannot cross/],
    ['clock', {}, /^clock cannot cross/],
    ['apiKey', () => 'key', /^apiKey as a function cannot cross/],
    ['onRetry', () => {}, /^onRetry as a function cannot cross/],
    ['signal', AbortSignal.timeout(1000), /give timeout: \{ total: ms \}, or use Anthropic/],
  ];

  it.each(REFUSED)('%s of the client', (name, value, message) => {
    const error = thrownBy(() => new SyncAnthropic({ [name]: value })) as Error;
    expect(error).toBeInstanceOf(AnthropicError);
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/use Anthropic from 'millrace'$/);
  });

  it.each(REFUSED)('%s of a request', (name, value, message) => {
    const { messages } = new SyncAnthropic({ apiKey: 'key', baseURL: addressOf('hello') });
    for (const send of [messages.create, messages.stream, messages.countTokens]) {
      expect(() => (send as (p: object, o: object) => unknown)(PARAMS, { [name]: value })).toThrow(
        message,
      );
    }
  });

  it('what lies deeper too', () => {
    using made = setting('hello');
    const extraHeaders = { 'x-a': (() => 'a') as never };
    expect(() => made.client.messages.stream(PARAMS, { extraHeaders })).toThrow(
      'extraHeaders["x-a"] is a function: pass a string, or null to remove the header',
    );
  });

  it('but not what is undefined: it is not given', () => {
    expect(new SyncAnthropic({ fetch: undefined, signal: undefined } as object)).toBeTruthy();
  });
});

describe('what makes no sense is refused where it is given', () => {
  it('by the client', () => {
    expect(() => new SyncAnthropic({ baseURL: 'here' })).toThrow(/give an address such as/);
    expect(() => new SyncAnthropic({ maxRetries: -1 })).toThrow(/give a whole number/);
    expect(() => new SyncAnthropic({ maxRetry: 1 } as object)).toThrow(
      "unknown option 'maxRetry'; did you mean 'maxRetries'?",
    );
  });

  it('by a request, before it goes out', async () => {
    using made = setting('hello');
    const { messages } = made.client;
    expect(() => messages.stream(PARAMS, { maxRetry: 1 } as object)).toThrow(
      "unknown option 'maxRetry'; did you mean 'maxRetries'?",
    );
    expect(() => messages.stream(PARAMS, { maxEventBytes: -1 })).toThrow(/maxEventBytes is -1/);
    expect(() => messages.stream(PARAMS, { maxRetries: 0.5 })).toThrow(/give a whole number/);
    expect(() => messages.stream(PARAMS, { timeout: 0 })).toThrow(/give milliseconds above 0/);
    expect(() => messages.stream(PARAMS, { recover: { attempts: -1 } })).toThrow(
      /recover\.attempts/,
    );
    expect(() => messages.stream(undefined as never)).toThrow(/^no params: write /);
    expect(() => messages.create({ ...PARAMS, metadata: 1n } as never)).toThrow(/as JSON/);
    expect(await made.ask('requests')).toBe('[]');
  });
});

describe('options', () => {
  it('come from the environment as it was when the client was made', () => {
    vi.stubEnv('ANTHROPIC_API_KEY', 'from env');
    vi.stubEnv('ANTHROPIC_BASE_URL', addressOf('echo'));
    vi.stubEnv('ANTHROPIC_CUSTOM_HEADERS', 'x-custom: yes');
    using client = new SyncAnthropic();
    vi.stubEnv('ANTHROPIC_API_KEY', 'another');
    vi.stubEnv('ANTHROPIC_BASE_URL', addressOf('mute'));
    const { headers } = JSON.parse(client.messages.stream(PARAMS).getFinalText());
    expect(headers).toMatchObject({ authorization: 'Bearer from env', 'x-custom': 'yes' });
  });

  it.each(['of the option', 'of the environment'])('a proxy %s is used', (which) => {
    const address = new URL(addressOf('echo'));
    address.host = 'only-the-proxy-knows.invalid';
    const { proxy } = inject('servers');
    if (which === 'of the environment') vi.stubEnv('http_proxy', proxy);
    const options = which === 'of the option' ? { proxy } : {};
    using client = new SyncAnthropic({ ...LIMITED, baseURL: address.href, ...options });
    // The thread starts later, and keeps what was resolved.
    vi.stubEnv('http_proxy', 'http://127.0.0.1:1');
    const { headers } = JSON.parse(client.messages.stream(PARAMS).getFinalText());
    expect(headers).toMatchObject({ host: address.host });
  });

  it('authHeader says which header has the key', () => {
    using made = setting('echo', { authHeader: 'x-api-key' });
    const { headers } = JSON.parse(made.client.messages.stream(PARAMS).getFinalText());
    expect(headers).toMatchObject({ 'x-api-key': 'key' });
    expect(headers).not.toHaveProperty('authorization');
  });

  it('a client without a key says so at the first need', () => {
    vi.stubEnv('ANTHROPIC_API_KEY', '');
    using made = setting('hello', { apiKey: null });
    const stream = made.client.messages.stream(PARAMS);
    expect(() => stream.untilDone()).toThrow(/^no API key/);
  });

  it('can be changed for another client', () => {
    using made = setting('echo', { defaultHeaders: { 'x-kept': 'yes' } });
    using other = made.client.withOptions({ authToken: 'token' });
    const { headers } = JSON.parse(other.messages.stream(PARAMS).getFinalText());
    expect(headers).toMatchObject({ authorization: 'Bearer token', 'x-kept': 'yes' });
  });

  it('observe is told while the client waits, and may throw', () => {
    const seen: Observation[] = [];
    using made = setting('flaky', {
      maxRetries: 2,
      observe: (observation) => {
        seen.push(observation);
        throw new Error('dropped');
      },
    });
    expect(made.client.messages.stream(PARAMS).getFinalText()).toBe('At last');
    expect(seen.map(({ type }) => type)).toEqual([
      ...['request', 'response', 'retry'],
      ...['request', 'response', 'retry'],
      ...['request', 'response', 'firstContent', 'end'],
    ]);
    const { error } = seen[2] as { error: unknown };
    expect(error).toBeInstanceOf(millrace.OverloadedError);
  });
});

it('observe runs in the async context of the call, not in that of a reader', () => {
  const storage = new AsyncLocalStorage<string>();
  const seen = new Set<string | undefined>();
  using made = setting('flaky', {
    maxRetries: 2,
    observe: () => void seen.add(storage.getStore()),
  });
  const stream = storage.run('call', () => made.client.messages.stream(PARAMS));
  storage.run('reader', () => stream.getFinalText());
  expect([...seen]).toEqual(['call']);
});

it.each(['untilDone', 'connect'] as const)('an observer may close a stream in %s', async (wait) => {
  using made = setting('mute', { observe: () => stream.close() });
  const stream = made.client.messages.stream(PARAMS);
  const error = thrownBy(() => stream[wait]());
  expect(error).toBeInstanceOf(millrace.APIUserAbortError);
  expect(String(error)).toContain('the stream was closed');
  expect(thrownBy(() => stream.connect())).toBe(error);
  expect(await made.ask('left')).toBe('yes');
});

describe('errors', () => {
  it('have the stack of the caller and the original cause', () => {
    using client = new SyncAnthropic({
      apiKey: 'key',
      baseURL: 'http://127.0.0.1:1',
      maxRetries: 0,
    });
    function whoCalls(): unknown {
      return client.messages.create(PARAMS);
    }
    const error = thrownBy(whoCalls) as Error;
    expect(error).toBeInstanceOf(millrace.APIConnectionError);
    expect(error.stack).toContain('whoCalls');
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED', port: 1 });
  });
});

describe('close', () => {
  it('frees every request; streams that were open and new ones are errors', async () => {
    const made = setting('endless');
    const { client } = made;
    const reader = client.messages.stream(PARAMS)[Symbol.iterator]();
    const raw = client.messages.create({ ...PARAMS, stream: true });
    reader.next();
    client.close();
    client[Symbol.dispose]();
    expect(await made.ask('left')).toBe('yes');
    for (const read of [() => [...reader], () => [...raw]]) {
      const error = thrownBy(read) as Error;
      expect(error).toBeInstanceOf(millrace.APIUserAbortError);
      expect(error.message).toMatch(/^the client was closed: make another.* \(request req_test/);
    }
    const refused = thrownBy(() => client.messages.create(PARAMS));
    expect(refused).toBeInstanceOf(millrace.APIUserAbortError);
    expect(refused).toMatchObject({ message: expect.stringMatching(/^the client was closed: /) });
  });

  it('of a client that never sent anything does nothing', () => {
    using client = new SyncAnthropic({ apiKey: 'key' });
    expect(client[Symbol.dispose]()).toBeUndefined();
  });
});
