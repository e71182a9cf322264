import { Agent } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { RecoverInfo, RecoverOptions } from '../../src/stream/recover/options.js';
import { errorEvent, sse } from '../contract/wire.js';
import { all, clientOf, failure, HASTY, PARAMS } from '../stream/support.js';
import { rawServer, type Script, SEEN } from '../support/raw-server.js';
import { cutsOf } from '../support/tier.js';
import { askedIn, continuing, failing, INPUT_TOKENS, type Planned, whole } from './continuing.js';

const TEXT = 'The quick brown fox jumps over the lazy dog, and sleeps.';
const PLAN: readonly Planned[] = [{ type: 'text', text: TEXT }];
const EVENTS = whole(PLAN);
const model = continuing(PLAN);

/** The whole message, cut in its text. */
const BROKEN: Script = { body: [sse(...EVENTS.slice(0, 5))] };
const PART = TEXT.slice(0, 26);
const cut = ({ body }: Script, events: number): Script => ({
  body: [...(body as string[])].flatMap((text) => `${text}`.split(/(?<=\n\n)/).slice(0, events)),
});

/** Plays scripts in turn, then goes on as the model does. */
const inTurn =
  (...scripts: (Script | typeof model)[]) =>
  (exchange: Parameters<typeof model>[0], n: number): Script => {
    const script = scripts[n] ?? model;
    return typeof script === 'function' ? script(exchange) : script;
  };

const outcomes = (attempts: { kind: string; outcome: string; error: unknown }[]): string[] =>
  attempts.map(({ kind, outcome, error }) =>
    [kind, outcome, ...(error === undefined ? [] : [(error as Error).name])].join(' '),
  );

const FIRST = 'request failed StreamTruncatedError';

describe('a request for the rest that fails', () => {
  const broken = failing('overloaded_error', 529);
  const reset: Script = { status: 'none', end: 'reset' };
  const prefill = 'prefill failed';

  it.each<[what: string, scripts: Script[], recover: RecoverOptions, attempts: string[]]>([
    [
      '400 to a prefill that was asked for',
      [failing('invalid_request_error', 400)],
      { mode: 'prefill' },
      [`${prefill} BadRequestError`],
    ],
    [
      '400 to an instruction',
      [failing('invalid_request_error', 400)],
      { mode: 'instruct' },
      ['instruct failed BadRequestError'],
    ],
    [
      '400 to both',
      [failing('invalid_request_error', 400), failing('invalid_request_error', 400)],
      {},
      [`${prefill} BadRequestError`, 'instruct failed BadRequestError'],
    ],
    ['401', [failing('authentication_error', 401)], {}, [`${prefill} AuthenticationError`]],
    [
      '500 as often as it may be tried',
      [failing('api_error', 500), failing('api_error', 500)],
      {},
      [`${prefill} InternalServerError`, `${prefill} InternalServerError`],
    ],
    ['529, with one try', [broken], { attempts: 1 }, [`${prefill} OverloadedError`]],
    ['a connection that breaks', [reset], { attempts: 1 }, [`${prefill} APIConnectionError`]],
    [
      'garbage',
      [{ body: ['event: message_start\ndata: {"type\n\n'] }],
      {},
      [`${prefill} StreamProtocolError`],
    ],
    [
      'an end before content',
      [{ body: [sse(...EVENTS.slice(0, 2))] }],
      { attempts: 1 },
      [`${prefill} StreamTruncatedError`],
    ],
  ])('%s: the error that broke the stream comes', async (_, scripts, recover, attempts) => {
    await using server = await rawServer(inTurn(BROKEN, ...scripts));
    const stream = clientOf(server).messages.stream(PARAMS, { recover });
    const told: unknown[] = [];
    stream.on('recover', ({ error }) => told.push(error));
    const error = await failure(stream.getFinalMessage());
    expect(error).toMatchObject({
      name: 'StreamTruncatedError',
      requestId: 'req_test',
      retryable: true,
      message: `the stream ended before its message did (request req_test, after ${PART.length} characters in 1 block)`,
      partialMessage: { content: [{ type: 'text', text: PART }] },
    });
    expect(new Set(told)).toEqual(new Set([error]));
    expect(outcomes(stream.attempts)).toEqual([FIRST, ...attempts]);
    expect(server.exchanges).toHaveLength(1 + scripts.length);
  });

  it('a refused connection', async () => {
    const server = await rawServer(BROKEN);
    const stream = clientOf(server).messages.stream(PARAMS, { recover: { attempts: 1 } });
    // The last chance to take the server away: nothing is sent yet.
    let closed: unknown;
    stream.on('recover', () => {
      closed = server[Symbol.asyncDispose]();
    });
    expect(await failure(stream.getFinalText())).toMatchObject({ name: 'StreamTruncatedError' });
    await closed;
    expect(outcomes(stream.attempts)).toEqual([FIRST, 'prefill failed APIConnectionError']);
  });

  it('is tried again like any other, and each try is listed', async () => {
    await using server = await rawServer(inTurn(BROKEN, broken, broken));
    const client = clientOf(server, { maxRetries: 2, clock: HASTY });
    const stream = client.messages.stream(PARAMS, { recover: { attempts: 1 } });
    const told: string[] = [];
    stream.on('recover', ({ attempt }) => told.push(`recover ${attempt}`));
    stream.on('retry', ({ attempt, error }) => told.push(`retry ${attempt} ${error.name}`));
    expect(await stream.getFinalText()).toBe(TEXT);
    expect(told).toEqual(['recover 1', 'retry 1 OverloadedError', 'retry 2 OverloadedError']);
    expect(outcomes(stream.attempts)).toEqual([
      FIRST,
      ...['prefill failed OverloadedError', 'prefill failed OverloadedError', 'prefill complete'],
    ]);
  });
});

describe('several breaks', () => {
  const brokenRest = (exchange: Parameters<typeof model>[0]): Script => cut(model(exchange), 4);

  it('are mended, one after the other', async () => {
    await using server = await rawServer(inTurn(BROKEN, brokenRest, brokenRest));
    const stream = clientOf(server).messages.stream(PARAMS, { recover: { attempts: 3 } });
    const told: RecoverInfo[] = [];
    stream.on('recover', (info) => told.push(info));
    const pieces = await all(stream.textStream);
    const message = await stream.getFinalMessage();
    expect(pieces.join('')).toBe(TEXT);
    expect(message.content).toEqual(PLAN);
    expect(message.usage).toEqual({ input_tokens: 4 * INPUT_TOKENS, output_tokens: 10 });
    expect(told.map(({ attempt, mode }) => `${attempt} ${mode}`)).toEqual([
      ...['1 prefill', '2 prefill', '3 prefill'],
    ]);
    expect(stream.attempts.map(({ received }) => received)).toEqual([
      { blocks: 1, characters: 26 },
      // The space that could not be sent along came twice.
      ...[12, 13, 5].map((characters) => ({ blocks: 0, characters })),
    ]);
  });

  it('are as many as may be: then the last error comes', async () => {
    await using server = await rawServer(
      inTurn(BROKEN, brokenRest, (exchange) => ({
        body: [...(cut(model(exchange), 4).body as string[]), sse(errorEvent('overloaded_error'))],
      })),
    );
    const stream = clientOf(server).messages.stream(PARAMS, { recover: true });
    const error = await failure(stream.getFinalText());
    expect(error).toMatchObject({
      name: 'OverloadedError',
      partialMessage: { content: [{ text: TEXT.slice(0, 51) }] },
    });
    expect(outcomes(stream.attempts)).toEqual([
      ...[FIRST, 'prefill failed StreamTruncatedError', 'prefill failed OverloadedError'],
    ]);
    expect(server.exchanges).toHaveLength(3);
  });

  it('may fall into the repeat at a seam, wherever', async () => {
    const repeating = continuing(PLAN, { overlap: 20 });
    const { body } = repeating({ body: prompt(PART) });
    const cuts = cutsOf(Buffer.from((body as string[]).join('')));
    await using server = await rawServer((exchange) => {
      const at = Number(exchange.path.split('/')[1]);
      const seen = asked.get(at) ?? 0;
      asked.set(at, seen + 1);
      if (seen === 0) return BROKEN;
      const rest = repeating(exchange);
      return seen === 1 ? { body: [(rest.body as string[]).join('').slice(0, at)] } : rest;
    });
    const asked = new Map<number, number>();
    // More connections at once than a listener queues would be reset by the system where it is busy.
    const agent = new Agent({ keepAlive: true, maxSockets: 100 });
    const texts = cuts.map((at) =>
      clientOf({ url: `${server.url}/${at}` }, { agent })
        .messages.stream(PARAMS, { recover: { mode: 'instruct', attempts: 3 } })
        .getFinalText(),
    );
    expect(new Set(await Promise.all(texts))).toEqual(new Set([TEXT]));
    agent.destroy();
  });
});

function prompt(said: string): string {
  const messages = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: [{ type: 'text', text: said }] },
    { role: 'user', content: 'Go on' },
  ];
  return JSON.stringify({ messages });
}

describe('what is not mended', () => {
  it.each<[what: string, end: string, error: object]>([
    [
      'an invalid_request_error',
      sse(errorEvent('invalid_request_error')),
      { name: 'BadRequestError' },
    ],
    ['an authentication_error', sse(errorEvent('authentication_error')), { status: 401 }],
    [
      'broken JSON',
      'event: content_block_delta\ndata: {"type"\n\n',
      { name: 'StreamProtocolError' },
    ],
    [
      'a delta for no block',
      sse({ type: 'content_block_delta', index: 7, delta: { type: 'text_delta', text: 'x' } }),
      { name: 'StreamProtocolError' },
    ],
  ])('%s', async (_, end, error) => {
    await using server = await rawServer(inTurn({ body: [...(BROKEN.body as string[]), end] }));
    const stream = clientOf(server).messages.stream(PARAMS, { recover: true });
    expect(await failure(stream.getFinalText())).toMatchObject({
      ...error,
      partialMessage: { content: [{ text: PART }] },
    });
    expect(server.exchanges).toHaveLength(1);
    expect(stream.attempts).toMatchObject([{ outcome: 'failed', error }]);
  });

  it.each<[what: string, recover: boolean | RecoverOptions | undefined]>([
    ['nothing was asked for', undefined],
    ['it is off', false],
    ['no attempts', { attempts: 0 }],
  ])('a break, where %s', async (_, recover) => {
    await using server = await rawServer(inTurn(BROKEN));
    const stream = clientOf(server).messages.stream(PARAMS, { recover });
    expect(await failure(stream.getFinalText())).toMatchObject({ name: 'StreamTruncatedError' });
    expect(server.exchanges).toHaveLength(1);
  });

  const format = { type: 'json_schema', schema: { type: 'object' } } as const;

  it('half a document that must fit a schema', async () => {
    await using server = await rawServer(inTurn(BROKEN));
    const params = { ...PARAMS, output_config: { format } };
    const stream = clientOf(server).messages.stream(params, { recover: true });
    expect(await failure(stream.getFinalText())).toMatchObject({ name: 'StreamTruncatedError' });
    expect(server.exchanges).toHaveLength(1);
  });

  it('but such a document is requested from scratch where nothing of it arrived', async () => {
    const plan: Planned[] = [{ type: 'thinking', thinking: 'Hm.', signature: 's' }, ...PLAN];
    const script = continuing(plan);
    const half: Script = { body: [sse(...whole(plan).slice(0, 5))] };
    await using server = await rawServer((exchange, n) => (n === 0 ? half : script(exchange)));
    const params = { ...PARAMS, output_config: { format } };
    const stream = clientOf(server).messages.stream(params, { recover: true });
    expect((await stream.getFinalMessage()).content).toEqual(plan);
    expect(server.exchanges.map(askedIn)).toEqual([
      { ...params, stream: true },
      { ...params, stream: true },
    ]);
  });
});

it.each(['clean', 'reset'] as const)(
  'a message that said why it stopped is complete without another request (%s end)',
  async (end) => {
    const events = EVENTS.slice(0, -1);
    await using server = await rawServer({ body: [sse(...events), SEEN], end });
    const stream = clientOf(server).messages.stream(PARAMS, { recover: true });
    stream.on('event', ({ type }) => {
      if (type === 'message_delta') void server.exchange().then((exchange) => exchange.seen());
    });
    expect(await stream.getFinalText()).toBe(TEXT);
    expect(server.exchanges).toHaveLength(1);
    expect(outcomes(stream.attempts)).toEqual(['request complete']);
  },
);

it('a model whose name says that it refuses prefill is not asked to take it', async () => {
  const refusing = continuing(PLAN, { refusesPrefill: true });
  await using server = await rawServer((exchange, n) => (n === 0 ? BROKEN : refusing(exchange)));
  const params = { ...PARAMS, model: 'claude-opus-4-8' };
  const stream = clientOf(server).messages.stream(params, { recover: true });
  expect(await stream.getFinalText()).toBe(TEXT);
  expect(outcomes(stream.attempts)).toEqual([FIRST, 'instruct complete']);
});

describe('every kind of break is mended', () => {
  it.each<[what: string, script: Script, error: string]>([
    ['a clean end', BROKEN, 'StreamTruncatedError'],
    ['a reset', { body: [...(BROKEN.body as string[]), SEEN], end: 'reset' }, 'APIConnectionError'],
    [
      'overloaded_error',
      { body: [...(BROKEN.body as string[]), sse(errorEvent('overloaded_error'))] },
      'OverloadedError',
    ],
    [
      'api_error',
      { body: [...(BROKEN.body as string[]), sse(errorEvent('api_error'))] },
      'InternalServerError',
    ],
    [
      'rate_limit_error',
      { body: [...(BROKEN.body as string[]), sse(errorEvent('rate_limit_error'))] },
      'RateLimitError',
    ],
    ['silence', { body: BROKEN.body as string[], end: 'hang' }, 'APITimeoutError'],
  ])('%s', async (_, script, error) => {
    await using server = await rawServer(inTurn(script));
    const stream = clientOf(server, { timeout: { idle: 100 } }).messages.stream(PARAMS, {
      recover: true,
    });
    stream.on('text', () => void server.exchange().then((exchange) => exchange.seen()));
    expect(await stream.getFinalText()).toBe(TEXT);
    expect(outcomes(stream.attempts)).toEqual([`request failed ${error}`, 'prefill complete']);
  });
});
