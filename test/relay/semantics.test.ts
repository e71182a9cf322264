import { describe, expect, it, vi } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { NotFoundError, StreamTruncatedError } from '../../src/errors.js';
import { END, type Engine } from '../../src/relay/engine.js';
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
import { deferred } from '../support/deferred.js';
import { PARAMS, TEXT } from './params.js';

// What a relay promises of its log: order of append and delivery, batches, signs of life, ttl, what is stored.

const WORDS = Array.from({ length: 40 }, (_, n) => `word${n}`).join(' ');

interface Opened {
  relay: Relay;
  emulator: Emulator;
  engine: Engine;
}

type Triple = [Opened, Opened, Opened];

function open(
  { engine = memoryEngine(), ...options }: RelayOptions = {},
  emulated: Partial<EmulatorOptions> = {},
): Opened {
  const emulator = createEmulator({ replies: () => reply.text(WORDS), ...emulated });
  const client = new Anthropic({ apiKey: 'key', fetch: emulator.fetch, maxRetries: 0 });
  return { emulator, engine, relay: createRelay({ client, engine, lease: 500, ...options }) };
}

const get = (relay: Relay, headers: Record<string, string> = {}): Promise<Response> =>
  relay.handle(new Request('http://host/', { headers }), 'a');

const typesIn = async (engine: Engine): Promise<string[]> =>
  (await engine.read('a', undefined, 9_999))
    .filter(({ seq }) => seq > 0 && seq < Infinity)
    .map(({ payload }) => JSON.parse(payload))
    .filter((event) => event.note === undefined)
    .map(({ type, index, delta }) => [type, index, delta?.type].filter((it) => it !== undefined))
    .map((words) => words.join(' '));

describe('append before delivery', () => {
  it('no reader has what is not in the log, the one of the producer included', async () => {
    const engine = memoryEngine();
    const held = deferred();
    const asked = deferred();
    const append: Engine['append'] = async (id, at, payloads, ...rest) => {
      if (payloads.some((payload) => payload.includes('word7'))) {
        asked.resolve();
        await held.promise;
      }
      return engine.append(id, at, payloads, ...rest);
    };
    const { relay } = open({ engine: { ...engine, append } }, { pace: { tokensPerSecond: 400 } });
    const stream = await relay.start('a', PARAMS);
    let body = '';
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const bytes of (await get(relay)).body as ReadableStream<Uint8Array>)
        body += decoder.decode(bytes);
    })();
    const texts = [stream, relay.follow('a')].map((it) => it.getFinalText());
    await asked.promise;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const seen = [stream.currentMessageSnapshot, relay.follow('a').currentMessageSnapshot];
    expect(JSON.stringify(seen)).not.toContain('word7');
    expect(body).toContain('word0');
    expect(body).not.toContain('word7');
    held.resolve();
    for (const text of texts) expect(await text).toBe(WORDS);
    await reading;
    expect(body).toContain('message_stop');
  });
});

describe('batches', () => {
  const replies = (): ReturnType<typeof reply.text> =>
    reply.sequence(
      reply.thinking('Let me think about it, for a while.'),
      reply.text(WORDS),
      reply.toolUse('count', { words: ['one', 'two', 'three'] }),
    );

  it('hold back neither the first delta of a block, nor any other event', async () => {
    const batch = { ms: 1e6, bytes: 1e6 };
    const { relay, engine } = open({ batch }, { replies });
    await (await relay.start('a', PARAMS)).untilDone();
    const types = await typesIn(engine);
    const deltas = (index: number): string[] =>
      types.filter((it) => it.startsWith(`content_block_delta ${index}`));
    // The first, and all the others in one.
    expect(deltas(1)).toEqual(Array(2).fill('content_block_delta 1 text_delta'));
    expect(deltas(2).length).toBeLessThanOrEqual(2);
    expect(types.at(-1)).toBe('message_stop');
  });

  it('show the first delta and the start of a block at once', async () => {
    const batch = { ms: 1e6, bytes: 1e6 };
    const { relay } = open({ batch }, { faults: [fault.stall({ event: 5 })] });
    const stream = await relay.start('a', PARAMS);
    for await (const text of stream.textStream) {
      expect(WORDS.startsWith(text)).toBe(true);
      break;
    }
    await relay.stop('a');
  });

  it('are appended when they are large enough', async () => {
    const { relay, engine } = open({ batch: { ms: 1e6, bytes: 40 } });
    await (await relay.start('a', PARAMS)).untilDone();
    const texts = (await engine.read('a', undefined, 9_999))
      .map(({ payload }) => JSON.parse(payload).delta?.text)
      .filter((text) => text !== undefined);
    expect(texts.length).toBeGreaterThan(4);
    expect(texts.join('')).toBe(WORDS);
    // Others may join the first one, and wait while it is appended.
    for (const text of texts.slice(2, -1)) expect(text.length).toBeGreaterThanOrEqual(40);
  });

  it('wait for 1 MiB at most while the store is away: then nothing more is read', async () => {
    const engine = memoryEngine();
    const isBack = deferred();
    let appended = 0;
    const append: Engine['append'] = async (id, at, payloads, ...rest) => {
      if (at.seq > 3) await isBack.promise;
      appended = Math.max(appended, payloads.join('').length);
      return engine.append(id, at, payloads, ...rest);
    };
    const line = `${'x'.repeat(1_000)} `;
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const events = sent === 0 ? HEAD : [delta(line)];
        if (sent++ < 3_000) return void controller.enqueue(encode(events));
        controller.enqueue(encode(TAIL));
        controller.close();
      },
    });
    const fetch = async (): Promise<Response> => new Response(body);
    const client = new Anthropic({ apiKey: 'key', fetch });
    const relay = createRelay({ client, engine: { ...engine, append } });
    const stream = await relay.start('a', PARAMS);
    for (let before = -1; before !== sent; ) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    expect(sent * line.length).toBeGreaterThan(1_000_000);
    expect(sent * line.length).toBeLessThan(1_300_000);
    isBack.resolve();
    expect((await stream.getFinalText()).length).toBe(2_999 * line.length);
    expect(appended).toBeLessThan(1_300_000);
  });
});

const HEAD = [
  {
    type: 'message_start',
    message: {
      ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [] },
      ...{ stop_reason: null, stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 } },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
];
const TAIL = [
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
];
const delta = (text: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text },
});
const encode = (events: readonly { type: string }[]): Uint8Array =>
  new TextEncoder().encode(
    events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
  );

it('a silent connection gets a comment every 15 s', async () => {
  const { relay } = open({}, { faults: [fault.stall({ event: 3 })] });
  await relay.start('a', PARAMS);
  for await (const _ of relay.follow('a')) break;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const reader = ((await get(relay)).body as ReadableStream<Uint8Array>).getReader();
    const read = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
    let text = await read();
    while (!text.includes('content_block_start')) text += await read();
    for (let count = 0; count < 3; count++) {
      let isThere = false;
      const comment = read().finally(() => {
        isThere = true;
      });
      // The first tick may have seen the events.
      for (let seconds = 0; seconds < 30 && !isThere; seconds += 15)
        await vi.advanceTimersByTimeAsync(15_000);
      expect(await comment).toBe(': keep-alive\n\n');
    }
    await reader.cancel();
  } finally {
    vi.useRealTimers();
    await relay.stop('a');
  }
});

it('a stream is kept for its ttl: it slides while the stream is open, and then runs out', async () => {
  const { relay, emulator } = open(
    { ttl: 250, lease: 90 },
    { pace: { tokensPerSecond: 60 }, replies: () => reply.text(WORDS) },
  );
  const since = performance.now();
  expect(await (await relay.start('a', PARAMS)).getFinalText()).toBe(WORDS);
  expect(performance.now() - since).toBeGreaterThan(300);
  expect(await relay.follow('a').getFinalText()).toBe(WORDS);
  while ((await relay.status('a')).state !== 'missing') await new Promise((r) => setTimeout(r, 20));
  await expect(relay.follow('a').getFinalText()).rejects.toBeInstanceOf(NotFoundError);
  expect((await get(relay)).status).toBe(404);
  expect(emulator.requests).toHaveLength(1);
});

describe('what is stored', () => {
  const SECRETS = ['sk-secret-key', 'Bearer-of-header', 'ask-me-nothing'];

  /** An engine that keeps all that it is given, also what is deleted. */
  function recording(): { engine: Engine; written: string[] } {
    const engine = memoryEngine();
    const written: string[] = [];
    const append: Engine['append'] = (id, at, payloads, options) => {
      written.push(id, ...payloads, options.end ?? '');
      return engine.append(id, at, payloads, options);
    };
    return { engine: { ...engine, append }, written };
  }

  const start = async (options: RelayOptions): Promise<Relay> => {
    const { fetch } = createEmulator({ replies: () => reply.text(TEXT) });
    const client = new Anthropic({ apiKey: SECRETS[0], fetch });
    const relay = createRelay({ client, ...options });
    const messages = [{ role: 'user' as const, content: SECRETS[2] as string }];
    const extraHeaders = { 'x-mine': SECRETS[1] as string };
    const stream = await relay.start('a', { ...PARAMS, messages }, { extraHeaders });
    await stream.untilDone();
    return relay;
  };

  it('are neither keys nor headers; params until the end, and never for followers', async () => {
    const { engine, written } = recording();
    const relay = await start({ engine });
    const all = written.join('\n');
    expect(all).not.toContain(SECRETS[0]);
    expect(all).not.toContain(SECRETS[1]);
    expect(all).toContain(SECRETS[2]);
    expect(await (await get(relay)).text()).not.toContain(SECRETS[2]);
    const durable = await relay.handle(new Request('http://host/?offset=-1'), 'a');
    expect(await durable.text()).not.toContain(SECRETS[2]);
    expect(await engine.read('a\u0000params', undefined, 9)).toEqual([]);
  });

  it('are no params with keepParams: false', async () => {
    const { engine, written } = recording();
    await start({ engine, keepParams: false });
    for (const secret of SECRETS) expect(written.join('\n')).not.toContain(secret);
  });

  it('are params for as long as the stream is produced', async () => {
    const engine = memoryEngine();
    let beats = 0;
    const over = deferred();
    const beat: typeof engine.beat = (id, ...more) => {
      // Twice the time that they are kept for without it.
      if (id !== 'a' && ++beats > 8) over.resolve();
      return engine.beat(id, ...more);
    };
    const faults = [fault.stall({ event: 8 })];
    const { relay } = open({ engine: { ...engine, beat }, ttl: 150, lease: 100 }, { faults });
    await relay.start('a', PARAMS);
    await over.promise;
    expect(await engine.read('a\u0000params', undefined, 9)).toHaveLength(1);
    await relay.stop('a');
  });

  it('is taken over with the params of `resume` where none are kept', async () => {
    const engine = memoryEngine();
    const stalled = open(
      { engine, keepParams: false, lease: 60 },
      { faults: [fault.stall({ event: 8 })] },
    );
    await stalled.relay.start('a', PARAMS);
    for await (const _ of stalled.relay.follow('a').textStream) break;
    const asked: string[] = [];
    const resume = async (id: string) => {
      asked.push(id);
      return PARAMS;
    };
    const { relay, emulator } = open({ engine, keepParams: false, lease: 60, resume });
    const follower = relay.follow('a').getFinalText();
    await stalled.relay.drain();
    expect(await follower).toBe(WORDS);
    expect(asked).toEqual(['a']);
    expect(emulator.requests).toHaveLength(1);
  });
});

it('a stream is taken over by one of two rivals, also where one has its params later', async () => {
  const engine = memoryEngine();
  const shared = { engine, keepParams: false };
  const stalled = open(shared, { faults: [fault.stall({ event: 8 })] });
  await stalled.relay.start('a', PARAMS);
  for await (const _ of stalled.relay.follow('a').textStream) break;
  const claimed = deferred();
  const fast = open({ ...shared, resume: () => PARAMS });
  const resume = async (): Promise<typeof PARAMS> => {
    await claimed.promise;
    return PARAMS;
  };
  const slow = open({ ...shared, resume });
  engine.watch('a', (push) => push?.entries.some(({ epoch }) => epoch === 2) && claimed.resolve());
  const texts = [slow, fast].map(({ relay }) => relay.follow('a').getFinalText());
  await stalled.relay.drain();
  expect(await Promise.all(texts)).toEqual([WORDS, WORDS]);
  expect(slow.emulator.requests).toHaveLength(0);
});

it('a stream that was handed over is left to its new producer by those who follow it later', async () => {
  const engine = memoryEngine();
  const faults = [fault.stall({ event: 8 })];
  const [old, next, late] = [0, 1, 2].map(() => open({ engine }, { faults })) as Triple;
  await old.relay.start('a', PARAMS);
  for await (const _ of old.relay.follow('a').textStream) break;
  const reader = next.relay.follow('a');
  const failed = reader.untilDone().catch((error) => error);
  await old.relay.drain();
  while (next.emulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve));
  const reading = late.relay.follow('a');
  const left = reading.untilDone().catch((error) => error);
  // It has read the log, which has the handover.
  await reading.connect();
  await late.relay.status('a');
  await late.relay.stop('a');
  await Promise.all([failed, left]);
  const epochs = (await engine.read('a', undefined, 999)).map(({ epoch }) => epoch);
  expect(new Set(epochs)).toEqual(new Set([1, 2, END.epoch]));
  expect(late.emulator.requests).toHaveLength(0);
});

describe('the API breaks in the middle of an answer', () => {
  const faults: EmulatorOptions['faults'] = (n) => (n === 1 ? [fault.cut({ event: 12 })] : []);

  it('with `recover`, the rest is requested, and no follower learns of it', async () => {
    const { relay, emulator } = open({}, { faults });
    const stream = await relay.start('a', PARAMS, { recover: true });
    const readers = [stream, relay.follow('a'), MessageStream.from(await get(relay))];
    for (const reader of readers) expect(await reader.getFinalText()).toBe(WORDS);
    expect(emulator.requests).toHaveLength(2);
    // The second response is the latest.
    expect(relay.follow('a').requestId).toBe(undefined);
    const { headers } = await relay.follow('a').response;
    expect(headers.get('request-id')).toBe(stream.requestId);
  });

  it('otherwise the stream fails, for all, with what was received', async () => {
    const { relay } = open({}, { faults });
    const stream = await relay.start('a', PARAMS);
    const readers = [stream, relay.follow('a'), MessageStream.from(await get(relay))];
    for (const reader of readers) {
      const error = await reader.getFinalText().catch((error) => error);
      expect(error).toBeInstanceOf(StreamTruncatedError);
      expect(WORDS.startsWith(error.partialMessage.content[0].text)).toBe(true);
    }
  });
});
