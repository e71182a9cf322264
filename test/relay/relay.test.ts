import { describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import {
  APIUserAbortError,
  BadRequestError,
  ConflictError,
  NotFoundError,
  OverloadedError,
  ProducerLostError,
  StreamProtocolError,
} from '../../src/errors.js';
import { memoryEngine } from '../../src/relay/memory-engine.js';
import type { RelayOptions } from '../../src/relay/options.js';
import { createRelay, type Relay } from '../../src/relay/relay.js';
import { MessageStream } from '../../src/stream/message-stream.js';
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  fault,
  reply,
} from '../../src/testing/index.js';

const TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(6);
const PARAMS = {
  model: 'claude-opus-4-8',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'Hi' }],
};

function open(
  emulated: Partial<EmulatorOptions> = {},
  options: RelayOptions = {},
): { relay: Relay; emulator: Emulator } {
  const emulator = createEmulator({ replies: () => reply.text(TEXT), ...emulated });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch, maxRetries: 0 });
  return { emulator, relay: createRelay({ client, lease: 500, ...options }) };
}

const get = (relay: Relay, id: string, headers: Record<string, string> = {}): Promise<Response> =>
  relay.handle(new Request('http://host/x', { headers }), id);

const stalled = { faults: [fault.stall({ event: 6 })] };

describe('start', () => {
  it('resolves with a stream that has an unguessable id', async () => {
    const { relay } = open();
    const stream = await relay.start(undefined, PARAMS);
    expect(stream.id).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(await stream.getFinalText()).toBe(TEXT);
    expect(await relay.follow(stream.id).getFinalText()).toBe(TEXT);
    expect(relay.follow(stream.id).requestId).toBe(undefined);
    expect(stream.requestId).toMatch(/^req_/);
  });

  it('goes on when no one reads', async () => {
    const { relay } = open();
    await relay.start('a', PARAMS);
    while ((await relay.status('a')).state === 'streaming') await new Promise((r) => setTimeout(r));
    expect(await relay.status('a')).toEqual({ state: 'complete' });
  });

  it('follows a stream that has the same params, and refuses others', async () => {
    const { relay, emulator } = open();
    const [first, second] = await Promise.all([relay.start('a', PARAMS), relay.start('a', PARAMS)]);
    expect(await first.getFinalText()).toBe(await second.getFinalText());
    expect(await (await relay.start('a', PARAMS)).getFinalText()).toBe(TEXT);
    expect(emulator.requests).toHaveLength(1);
    const other = relay.start('a', { ...PARAMS, max_tokens: 5 });
    await expect(other).rejects.toBeInstanceOf(ConflictError);
  });

  it('sends params with `betas` to the beta API', async () => {
    const { relay, emulator } = open();
    const stream = await relay.start('a', { ...PARAMS, betas: ['files-api-2025-04-14'] });
    await stream.untilDone();
    expect(emulator.requests[0]?.headers['anthropic-beta']).toBe('files-api-2025-04-14');
  });

  it('stops at its signal', async () => {
    const { relay } = open(stalled);
    const abort = new AbortController();
    const stream = await relay.start('a', PARAMS, { signal: abort.signal });
    const text = stream.getFinalText();
    abort.abort('enough');
    await expect(text).rejects.toMatchObject({ cause: 'enough' });
  });

  it.each([
    ['', /the id of the stream has 0 characters: pass 1 to 256/],
    ['x'.repeat(257), /has 257 characters/],
    ['a\nb', /without control characters/],
    [5, /the id of the stream is number/],
  ])('refuses the id %j', async (id, message) => {
    const { relay } = open();
    await expect(relay.start(id as string, PARAMS)).rejects.toThrow(message);
    expect(() => relay.follow(id as string)).toThrow(message);
  });

  it('says what to write for wrong options', async () => {
    expect(() => createRelay({ ttl: 0 })).toThrow(/ttl is 0: pass milliseconds/);
    expect(() => createRelay({ engine: {} as never })).toThrow(
      /engine is an object: pass memoryEngine\(\)/,
    );
    expect(() => createRelay({ leese: 5 } as never)).toThrow(/unknown option 'leese'/);
    await expect(createRelay().start('a', PARAMS)).rejects.toThrow(/write createRelay\(\{ client/);
    const { relay } = open();
    await expect(relay.start('a', PARAMS, { retries: 1 } as never)).rejects.toThrow(
      /unknown option/,
    );
    expect(await relay.status('a')).toEqual({ state: 'missing' });
  });
});

describe('observe', () => {
  it.each([
    ['throws', () => expect.fail('thrown')],
    ['rejects', () => Promise.reject(new Error('rejected'))],
  ])('is told of an outage, and changes nothing when it %s', async (_, observe) => {
    const engine = memoryEngine();
    let outages = 1;
    const append: typeof engine.append = (id, at, ...rest) => {
      if (at.seq === 1 && outages-- > 0) return Promise.reject(new Error('no connection'));
      return engine.append(id, at, ...rest);
    };
    const warnings: unknown[] = [];
    const { relay } = open(
      {},
      {
        engine: { ...engine, append },
        observe: (it) => {
          warnings.push(it);
          return observe();
        },
      },
    );
    expect(await (await relay.start('a', PARAMS)).getFinalText()).toBe(TEXT);
    const message = expect.stringMatching(/^stream a can't be appended to: .*no connection/);
    expect(warnings).toEqual([{ type: 'warning', message }]);
  });
});

// Acceptance test 4: the same error for all, whenever they come.
describe('a failure', () => {
  it('is the same for live and late followers', async () => {
    const { relay } = open({ faults: [fault.error('overloaded_error', { event: 8 })] });
    const stream = await relay.start('a', PARAMS);
    const live = [stream, relay.follow('a'), relay.follow('a')].map((it) =>
      it.getFinalText().catch((error) => error),
    );
    const errors = await Promise.all(live);
    errors.push(
      await relay
        .follow('a')
        .getFinalText()
        .catch((error) => error),
    );
    const response = MessageStream.from(await get(relay, 'a'));
    errors.push(await response.getFinalText().catch((error) => error));
    for (const error of errors) {
      expect(error).toBeInstanceOf(OverloadedError);
      expect(error.requestId).toMatch(/^req_/);
      expect(error.requestId).toBe(errors[0].requestId);
      expect(error.partialMessage).toEqual(errors[0].partialMessage);
      expect(error.partialMessage.content[0].text.length).toBeGreaterThan(5);
    }
    expect(await relay.status('a')).toMatchObject({
      state: 'failed',
      error: { type: 'overloaded_error' },
    });
  });

  it('of this process is told in full here, and with a fixed text over HTTP', async () => {
    const engine = memoryEngine();
    const fetch = () => Promise.reject(new Error('secret address'));
    const client = new Anthropic({ apiKey: 'key', fetch, maxRetries: 0 });
    const relay = createRelay({ client, engine });
    const stream = await relay.start('a', PARAMS);
    await expect(stream.getFinalText()).rejects.toThrow(/secret address/);
    const text = await (await get(relay, 'a')).text();
    expect(text).toContain('connection_error');
    expect(text).not.toContain('secret');
  });

  it('comes for a stream that is larger than allowed', async () => {
    const { relay, emulator } = open({}, { maxBytes: 1_000 });
    const stream = await relay.start('a', PARAMS);
    const error = await stream.getFinalText().catch((error) => error);
    expect(error).toBeInstanceOf(StreamProtocolError);
    expect(error.message).toMatch(/more than 1000 bytes; raise maxBytes/);
    expect(emulator.requests).toHaveLength(1);
  });

  it.each([
    ['can take over', true],
    ['can not', false],
  ])(
    'reaches everyone where the log is gone from the store, with a process that %s',
    async (_, can) => {
      const engine = memoryEngine();
      const { relay, emulator } = open(stalled, { engine, lease: 60 });
      const client = can
        ? new Anthropic({ apiKey: 'key', fetch: () => new Promise(() => {}) })
        : undefined;
      const other = createRelay({ engine, client, lease: 60 });
      const stream = await relay.start('a', PARAMS);
      const errors = [stream, other.follow('a')].map((it) =>
        it.getFinalText().catch((error) => error),
      );
      for await (const _ of other.follow('a').textStream) break;
      await engine.remove('a');
      for (const error of await Promise.all(errors)) {
        expect(error).toBeInstanceOf(NotFoundError);
        expect(error.partialMessage.content).toHaveLength(1);
      }
      expect(await emulator.requests[0]?.ended).toBe('left');
      expect(await relay.status('a')).toEqual({ state: 'missing' });
    },
  );

  it('ends a stream that no process can take over', async () => {
    const engine = memoryEngine();
    await engine.append('a', { epoch: 1, seq: 0 }, ['{"tag":"abcdefgh"}'], { ttl: 1e6 });
    const relay = createRelay({ engine, lease: 30 });
    const error = await relay
      .follow('a')
      .getFinalText()
      .catch((error) => error);
    expect(error).toBeInstanceOf(ProducerLostError);
    expect((await relay.status('a')).state).toBe('failed');
  });
});

// Acceptance test 5: stop from anywhere, at any time.
describe('stop', () => {
  const moments: [string, Partial<EmulatorOptions>, number][] = [
    ['while it streams', { pace: { tokensPerSecond: 200 } }, 20],
    ['while the API is silent', stalled, 1],
    ['before the first event', { faults: [fault.stall()] }, 0],
  ];

  it.each(moments)('%s', async (_, emulated, length) => {
    const engine = memoryEngine();
    const { relay, emulator } = open(emulated, { engine });
    const third = createRelay({ engine });
    const stream = await relay.start('a', PARAMS);
    const response = MessageStream.from(await get(relay, 'a'));
    const readers = [stream, third.follow('a'), response];
    const errors = readers.map((it) => it.getFinalText().catch((error) => error));
    if (length > 0) {
      let text = '';
      for await (const piece of relay.follow('a').textStream) {
        text += piece;
        if (text.length >= length) break;
      }
    } else while (emulator.requests.length === 0) await new Promise((r) => setTimeout(r));
    expect(await third.stop('a', { why: 'enough' })).toBe(true);
    for (const error of await Promise.all(errors)) {
      expect(error).toBeInstanceOf(APIUserAbortError);
      expect(error.cause).toEqual({ why: 'enough' });
      // What was received, over HTTP too.
      if (length > 0) expect(error.partialMessage.content[0].text.length).toBeGreaterThan(0);
    }
    expect(await emulator.requests[0]?.ended).toBe('left');
    expect(await third.status('a')).toMatchObject({ state: 'stopped' });
    expect(await third.stop('a')).toBe(false);
  });

  it('does nothing after the end, and creates no stream', async () => {
    const { relay } = open();
    await (await relay.start('a', PARAMS)).untilDone();
    expect(await relay.stop('a')).toBe(false);
    expect(await relay.status('a')).toEqual({ state: 'complete' });
    expect(await relay.stop('b')).toBe(false);
    expect(await relay.status('b')).toEqual({ state: 'missing' });
  });
});

describe('follow', () => {
  it('rejects for a stream that does not exist', async () => {
    const { relay } = open();
    await expect(relay.follow('x').getFinalText()).rejects.toBeInstanceOf(NotFoundError);
  });

  it('continues after each event, and the message is whole', async () => {
    const { relay } = open({
      replies: () => reply.sequence(reply.thinking('Hm.'), reply.text(TEXT)),
    });
    const whole = await (await relay.start('a', PARAMS)).getFinalMessage();
    const stream = relay.follow('a');
    expect(stream.lastEventId).toBe(undefined);
    const ids: string[] = [];
    const events: unknown[] = [];
    for await (const event of stream) {
      ids.push(stream.lastEventId as string);
      events.push(event);
    }
    const sent = (await (await get(relay, 'a')).text()).matchAll(/^id: (.*)$/gm);
    expect(ids).toEqual([...sent].map(([, id]) => id));
    for (const [index, after] of ids.entries()) {
      const rest = relay.follow('a', { after });
      expect(rest.lastEventId).toBe(after);
      const received: unknown[] = [];
      for await (const event of rest) received.push(event);
      expect(received).toEqual(events.slice(index + 1));
      expect(rest.lastEventId).toBe(ids.at(-1));
      expect(await rest.getFinalMessage()).toEqual(whole);
    }
  });

  it('continues after an event while the stream goes on, and to its error', async () => {
    const { relay } = open({
      pace: { tokensPerSecond: 300 },
      faults: [fault.error('overloaded_error', { event: 30 })],
    });
    await relay.start('a', PARAMS);
    let text = '';
    let after: string | undefined;
    for (let isDone = false; !isDone; ) {
      const stream = relay.follow('a', { after });
      try {
        for await (const event of stream) {
          if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
            text += event.delta.text;
          after = stream.lastEventId;
          break;
        }
      } catch (error) {
        isDone = true;
        expect(error).toBeInstanceOf(OverloadedError);
        const { partialMessage } = error as OverloadedError;
        expect(partialMessage?.content).toMatchObject([{ text }]);
      }
    }
    expect(text.length).toBeGreaterThan(20);
    const end = `${after?.split('.')[0]}.99999-9999999999`;
    const late = relay.follow('a', { after: end }).getFinalText();
    await expect(late).rejects.toBeInstanceOf(OverloadedError);
  });

  it.each(['zzz', '', 'aaaaaaaa.00001-0000000001'])(
    'rejects for %j, which is no id of the stream',
    async (after) => {
      const { relay } = open();
      await relay.start('a', PARAMS);
      const error = await relay
        .follow('a', { after })
        .getFinalText()
        .catch((error) => error);
      expect(error).toBeInstanceOf(BadRequestError);
      expect(error.message).toMatch(/not an id of this stream/);
    },
  );

  it('refuses wrong options', () => {
    const { relay } = open();
    expect(() => relay.follow('a', { after: 5 as never })).toThrow(/after is 5: pass the id of an/);
    expect(() => relay.follow('a', { from: 'x' } as never)).toThrow(/unknown option 'from'/);
  });

  it('is left without stopping the stream', async () => {
    const { relay } = open({ pace: { tokensPerSecond: 300 } });
    const stream = await relay.start('a', PARAMS);
    for await (const _ of stream) break;
    relay.follow('a').close();
    expect(await relay.follow('a').getFinalText()).toBe(TEXT);
  });
});

describe('handle', () => {
  it('sends each event with an id, and continues after it', async () => {
    const { relay } = open();
    await (await relay.start('a', PARAMS)).untilDone();
    const text = await (await get(relay, 'a')).text();
    const [retry, ...frames] = text.split(/(?<=\n\n)/);
    expect(retry).toBe('retry: 1000\n\n');
    for (const frame of frames)
      expect(frame).toMatch(/^id: [a-z0-9]{8}\.00001-\d{10}\nevent: \w+\ndata: \{.*\}\n\n$/);
    for (const [index, frame] of frames.entries()) {
      const id = /^id: (.*)$/m.exec(frame)?.[1] as string;
      const rest = await get(relay, 'a', { 'last-event-id': id });
      if (index === frames.length - 1) expect(rest.status).toBe(204);
      else expect(await rest.text()).toBe(retry + frames.slice(index + 1).join(''));
    }
  });

  it('has the headers that event streams need', async () => {
    const { relay } = open();
    await (await relay.start('a', PARAMS)).untilDone();
    const { headers } = await get(relay, 'a');
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(headers.get('x-accel-buffering')).toBe('no');
    expect(headers.get('request-id')).toMatch(/^req_/);
  });

  it.each([
    ['a missing stream', 'x', 'GET', {}, 404],
    ['a malformed id', 'a', 'GET', { 'last-event-id': 'zzz' }, 400],
    ['an id of another stream', 'a', 'GET', { 'last-event-id': 'aaaaaaaa.00001-0000000001' }, 400],
    ['another method', 'a', 'PATCH', {}, 405],
    ['a stop after the end', 'a', 'DELETE', {}, 404],
  ])('answers %s with an error body', async (_, id, method, headers, status) => {
    const { relay } = open();
    await (await relay.start('a', PARAMS)).untilDone();
    const response = await relay.handle(new Request('http://host/', { method, headers }), id);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { message: expect.any(String) },
    });
  });

  it('stops a stream', async () => {
    const { relay } = open(stalled);
    const stream = await relay.start('a', PARAMS);
    const error = stream.getFinalText().catch((error) => error);
    const response = await relay.handle(new Request('http://host/', { method: 'DELETE' }), 'a');
    expect(response.status).toBe(204);
    expect(await error).toBeInstanceOf(APIUserAbortError);
  });

  it('ends a connection after `rotate`, and the next one continues', async () => {
    const { relay } = open({ pace: { tokensPerSecond: 100 } }, { rotate: 60 });
    await relay.start('a', PARAMS);
    let connections = 0;
    const stream = MessageStream.follow((id) => {
      connections++;
      return get(relay, 'a', id === undefined ? {} : { 'last-event-id': id });
    });
    expect(await stream.getFinalText()).toBe(TEXT);
    expect(connections).toBeGreaterThan(2);
  });

  it('lets go of the stream when a client leaves', async () => {
    const { relay } = open(stalled, { stopWhenAlone: 30 });
    await relay.start('a', PARAMS);
    const response = await get(relay, 'a');
    const reader = (response.body as ReadableStream).getReader();
    await reader.read();
    await reader.cancel();
    while ((await relay.status('a')).state === 'streaming')
      await new Promise((r) => setTimeout(r, 5));
    expect(await relay.status('a')).toMatchObject({ state: 'stopped', error: { cause: 'alone' } });
  });
});

// Acceptance test 3, in one process: followers that come, leave and resume.
describe('1,000 followers', () => {
  it('get the same message, and the same bytes after the same id', async () => {
    const { relay } = open({ pace: { tokensPerSecond: 400 } });
    const stream = await relay.start('a', PARAMS);
    const texts: Promise<string>[] = [];
    const bodies: Promise<string>[] = [];
    for await (const event of stream) {
      for (let n = 0; n < 14; n++) texts.push(relay.follow('a').getFinalText());
      bodies.push(get(relay, 'a').then((it) => it.text()));
      if (event.type === 'message_stop') break;
    }
    expect(new Set(await Promise.all(texts))).toEqual(new Set([TEXT]));
    const all = await Promise.all(bodies);
    expect(new Set(all).size).toBe(1);
    expect(await MessageStream.from(new Response(all[0])).getFinalText()).toBe(TEXT);
  });
});

describe('a page that follows', () => {
  it('gets BadRequestError for an id of another stream', async () => {
    const { relay } = open();
    await (await relay.start('a', PARAMS)).untilDone();
    const stream = MessageStream.follow(() => get(relay, 'a', { 'last-event-id': 'zz' }));
    await expect(stream.getFinalText()).rejects.toBeInstanceOf(BadRequestError);
  });
});

describe('what a relay holds', () => {
  it('is let go when streams end and readers have left', async () => {
    const engine = memoryEngine();
    let watched = 0;
    const watch: typeof engine.watch = (...args) => {
      watched++;
      const stop = engine.watch(...args);
      return () => {
        watched--;
        stop();
      };
    };
    const { relay } = open({}, { engine: { ...engine, watch } });
    for (let n = 0; n < 50; n++) {
      const stream = await relay.start(`${n}`, PARAMS);
      await Promise.all([
        stream.getFinalText(),
        relay.follow(`${n}`).untilDone(),
        get(relay, `${n}`).then((it) => it.text()),
        get(relay, `${n}`).then((it) => it.body?.cancel()),
        get(relay, 'missing'),
      ]);
      for await (const _ of relay.follow(`${n}`)) break;
    }
    while (watched > 0) await new Promise((r) => setTimeout(r));
    const resources = process.getActiveResourcesInfo().filter((it) => it === 'Timeout');
    expect(resources.length).toBeLessThan(5);
  });
});
