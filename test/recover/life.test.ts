import { describe, expect, it } from 'vitest';
import type { RecoveryMode } from '../../src/stream/recover/options.js';
import { ManualClock } from '../../src/testing/time/manual-clock.js';
import type { MessageStreamParams } from '../../src/wire/params.js';
import { errorEvent, sse } from '../contract/wire.js';
import { clientOf, failure, idle, PARAMS } from '../stream/support.js';
import { deferred } from '../support/deferred.js';
import { rawServer, type Script, SEEN } from '../support/raw-server.js';
import { askedIn, continuing, type Planned, whole } from './continuing.js';

const TEXT = 'The quick brown fox jumps over the lazy dog, and sleeps.';
const PLAN: readonly Planned[] = [{ type: 'text', text: TEXT }];
const model = continuing(PLAN);
const BROKEN: Script = { body: [sse(...whole(PLAN).slice(0, 5))] };
const PART = { partialMessage: { content: [{ text: TEXT.slice(0, 26) }] } };

describe('a stream that is ended while it is mended', () => {
  type End = (end: { stream: { close(): void }; abort: () => void }) => void;

  it.each<[what: string, end: End]>([
    ['close()', ({ stream }) => stream.close()],
    ['its signal', ({ abort }) => abort()],
  ])('by %s in a recover listener sends nothing more', async (_, end) => {
    await using server = await rawServer((exchange, n) => (n === 0 ? BROKEN : model(exchange)));
    const abort = new AbortController();
    const options = { recover: true, signal: abort.signal };
    const stream = clientOf(server).messages.stream(PARAMS, options);
    stream.on('recover', () => end({ stream, abort: () => abort.abort() }));
    const error = await failure(stream.getFinalText());
    expect(error).toMatchObject({ name: 'APIUserAbortError', ...PART });
    await idle();
    expect(server.exchanges).toHaveLength(1);
    expect(stream.attempts).toMatchObject([{ outcome: 'failed' }]);
  });

  it.each<[what: string, end: End]>([
    ['close()', ({ stream }) => stream.close()],
    ['its signal', ({ abort }) => abort()],
  ])('by %s closes the request for the rest', async (_, end) => {
    await using server = await rawServer((_, n) =>
      n === 0 ? BROKEN : { status: 'none', end: 'hang' },
    );
    const abort = new AbortController();
    const options = { recover: true, signal: abort.signal };
    const stream = clientOf(server).messages.stream(PARAMS, options);
    const failed = failure(stream.getFinalText());
    const rest = await server.exchange(1);
    end({ stream, abort: () => abort.abort() });
    expect(await failed).toMatchObject({ name: 'APIUserAbortError', ...PART });
    await rest.left;
    expect(stream.attempts).toMatchObject([
      { kind: 'request', outcome: 'failed', error: { name: 'StreamTruncatedError' } },
      { kind: 'prefill', outcome: 'failed', error: { name: 'APIUserAbortError' } },
    ]);
  });

  it('by leaving the loop closes the request for the rest', async () => {
    await using server = await rawServer((exchange, n) =>
      n === 0 ? BROKEN : { body: [...(model(exchange).body as string[]).map(half), SEEN] },
    );
    const stream = clientOf(server).messages.stream(PARAMS, { recover: true });
    let text = '';
    for await (const piece of stream.textStream) {
      text += piece;
      if (server.exchanges.length > 1) break;
    }
    expect(text.length).toBeGreaterThan(26);
    await (await server.exchange(1)).left;
  });
});

const half = (body: string): string => body.slice(0, body.indexOf('event: content_block_stop'));

describe('time', () => {
  it.each<[what: string, rest: Script, characters: number]>([
    ['before the rest came', { status: 'none', end: 'hang' }, 26],
    [
      'in the rest',
      { body: [half((model({ body: restOf(26) }).body as string[]).join(''))], end: 'hang' },
      TEXT.length,
    ],
  ])(
    '`total` is that of all requests together, and it is told: %s',
    async (_, rest, characters) => {
      const clock = new ManualClock();
      const arrived = deferred();
      const hang: Script = { ...BROKEN, body: [...(BROKEN.body as string[]), SEEN] };
      await using server = await rawServer((_, n) => (n === 0 ? hang : rest));
      const client = clientOf(server, {
        clock,
        timeout: { response: Infinity, idle: Infinity, total: 10_000 },
      });
      const stream = client.messages.stream(PARAMS, { recover: true });
      stream.on('text', (_, snapshot) => {
        if (snapshot.length === 26 || snapshot.length === TEXT.length) arrived.resolve();
      });
      const failed = failure(stream.getFinalText());
      await arrived.promise;
      await idle();
      await clock.advance(7_000);
      (await server.exchange(0)).seen();
      await server.exchange(1);
      while (stream.currentMessageSnapshot?.content[0] === undefined || textOf(stream) < characters)
        await idle();
      await clock.advance(2_999);
      expect(stream.attempts.at(-1)?.outcome).toBe('open');
      await clock.advance(1);
      expect(await failed).toMatchObject({
        name: 'APITimeoutError',
        phase: 'total',
        partialMessage: { content: [{ text: TEXT.slice(0, characters) }] },
      });
      expect(server.exchanges).toHaveLength(2);
      expect(clock.pending).toBe(0);
    },
  );
});

function textOf({ currentMessageSnapshot }: { currentMessageSnapshot: unknown }): number {
  return (currentMessageSnapshot as { content: { text: string }[] }).content[0]?.text.length ?? 0;
}

function restOf(characters: number): string {
  const content = [{ type: 'text', text: TEXT.slice(0, characters) }];
  return JSON.stringify({ messages: [{ role: 'assistant', content }] });
}

describe('what is sent', () => {
  const own: MessageStreamParams = {
    ...PARAMS,
    system: 'Be brief.',
    temperature: 0.5,
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'I say:' },
    ],
  };

  it.each<[mode: RecoveryMode, turns: string[], text: string]>([
    ['prefill', ['user', 'assistant'], TEXT.slice(0, 25)],
    ['instruct', ['user', 'assistant', 'user'], TEXT.slice(0, 26)],
  ])("%s goes on in the caller's own prefill, with all other params", async (mode, turns, text) => {
    const said = [
      { type: 'text', text: 'I say:' },
      { type: 'text', text },
    ];
    await using server = await rawServer((_, n) =>
      n === 0 ? BROKEN : { body: [sse(...whole([]))] },
    );
    const before = structuredClone(own);
    const options = { recover: { mode }, extraHeaders: { 'x-own': '1' } } as const;
    await clientOf(server).messages.stream(own, options).untilDone();
    expect(own).toEqual(before);
    const { messages, ...params } = askedIn(await server.exchange(1));
    const { messages: first, ...firstParams } = askedIn(await server.exchange(0));
    expect(first).toEqual(own.messages);
    expect(params).toEqual(firstParams);
    expect(messages.map(({ role }) => role)).toEqual(turns);
    expect(messages[1]?.content).toEqual(said);
    expect((await server.exchange(1)).headers).toMatchObject({ 'x-own': '1' });
  });

  it('is what the params were when the stream was made', async () => {
    await using server = await rawServer((exchange, n) => (n === 0 ? BROKEN : model(exchange)));
    const params = structuredClone(PARAMS);
    const stream = clientOf(server).messages.stream(params, { recover: true });
    params.messages.push({ role: 'user', content: 'and more' });
    expect(await stream.getFinalText()).toBe(TEXT);
    expect(askedIn(await server.exchange(1)).messages).toEqual([
      PARAMS.messages[0],
      { role: 'assistant', content: [{ type: 'text', text: TEXT.slice(0, 26).trimEnd() }] },
    ]);
  });
});

it('has one id, that of the message that broke; requests have theirs', async () => {
  await using server = await rawServer((exchange, n) => ({
    ...(n === 0 ? BROKEN : model(exchange)),
    headers: { 'request-id': `req_${n}` },
  }));
  const stream = clientOf(server).messages.stream(PARAMS, { recover: true });
  const connected: string[] = [];
  stream.on('connect', ({ headers }) => connected.push(headers.get('request-id') ?? ''));
  expect((await stream.getFinalMessage()).id).toBe('msg_1');
  expect(stream.attempts.map(({ requestId }) => requestId)).toEqual(['req_0', 'req_1']);
  expect(connected).toEqual(['req_0']);
});

describe('leaves nothing of what broke', () => {
  const stopped = whole(PLAN).slice(0, -1);

  it.each<[what: string, broken: Script]>([
    ['a cut', { body: [sse(...whole(PLAN).slice(0, 4)), Promise.resolve()] }],
    ['an end that lacked its last event', { body: [sse(...stopped), SEEN], end: 'reset' }],
  ])('no timer after %s', async (_, broken) => {
    await using server = await rawServer((exchange, n) => (n === 0 ? broken : model(exchange)));
    const clock = new ManualClock();
    const stream = clientOf(server, { clock }).messages.stream(PARAMS, { recover: true });
    stream.once('text', () => setImmediate(async () => (await server.exchange()).seen()));
    expect(await stream.getFinalText()).toBe(TEXT);
    expect(clock.pending).toBe(0);
  });

  it('no connection after an error event', async () => {
    const error = sse(...whole(PLAN).slice(0, 5), errorEvent('overloaded_error'));
    await using server = await rawServer((exchange, n) =>
      n === 0 ? { body: [error], end: 'hang' } : model(exchange),
    );
    const stream = clientOf(server).messages.stream(PARAMS, { recover: true });
    expect(await stream.getFinalText()).toBe(TEXT);
    await (await server.exchange()).left;
  });
});
