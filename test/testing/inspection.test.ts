import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Anthropic } from '../../src/client.js';
import { createEmulator, fault, reply, serve, useEmulator } from '../../src/testing/index.js';
import { ask, PARAMS, rejection } from './ask.js';

describe('replies that match', () => {
  const emulator = () =>
    createEmulator({
      replies: [
        { when: 'weather', reply: reply.text('rain') },
        { when: /\btwice\b/, reply: [reply.text('once'), reply.text('twice')] },
        {
          when: { model: 'claude-haiku-4-5', messages: [{ role: 'user' }] },
          reply: reply.text('short'),
        },
        { when: ({ headers }) => headers['x-who'] === 'me', reply: reply.text('you') },
        reply.text('first'),
        reply.text('second'),
      ],
    });
  const say = (content: unknown, more: object = {}) => ({
    messages: [{ role: 'user', content }],
    ...more,
  });

  it("take precedence over the others, and don't use their turn", async () => {
    const scripted = emulator();
    const answers: unknown[] = [];
    for (const params of [
      say('a'),
      say('the weather?'),
      say([{ type: 'text', text: 'weather' }]),
      say('twice'),
      say('twice'),
      say('twice'),
      say('x', { model: 'claude-haiku-4-5' }),
    ]) {
      answers.push(
        (await (await ask(scripted, { ...params, stream: false })).json()).content[0].text,
      );
    }
    expect(answers).toEqual(['first', 'rain', 'rain', 'once', 'twice', 'second', 'short']);
    expect(() => scripted.assertDone()).toThrow(/^unused replies: 1\n {2}4: text "you"$/);
  });

  it('report a request that none matches', async () => {
    const scripted = createEmulator({ replies: [{ when: 'x', reply: reply.text('y') }] });
    expect((await (await ask(scripted)).json()).error.message).toBe(
      'request 1 matches none of the 1 replies',
    );
  });
});

it('assertDone lists unused replies', async () => {
  const emulator = createEmulator({
    replies: [
      reply.text('a'),
      reply.toolUse('get', {}),
      reply.error(529),
      reply.faulty(reply.text('b')),
    ],
  });
  await ask(emulator);
  expect(() => emulator.assertDone()).toThrow(
    'unused replies: 3\n  2: tool_use "get"\n  3: error overloaded_error\n  4: faulty',
  );
  for (let sent = 0; sent < 3; sent++) await ask(emulator);
  expect(emulator.assertDone()).toBeUndefined();
});

it('waitForRequest returns each request once, whether it has arrived or not', async () => {
  const emulator = createEmulator({ replies: () => reply.text('Hello') });
  await ask(emulator, { model: 'a' });
  const waits = [emulator.waitForRequest(), emulator.waitForRequest(), emulator.waitForRequest()];
  await ask(emulator, { model: 'b' });
  await ask(emulator, { model: 'c' });
  expect((await Promise.all(waits)).map(({ body }) => body.model)).toEqual(['a', 'b', 'c']);
});

describe('the ending of a request', () => {
  const CASES: [
    ending: string,
    ask: (client: Anthropic) => Promise<unknown>,
    faults: ReturnType<typeof fault.cut>[],
  ][] = [
    ['complete', (client) => client.messages.stream(PARAMS).untilDone(), []],
    ['complete', (client) => client.messages.create(PARAMS), []],
    ['left', (client) => rejection(breakOut(client)), []],
    [
      'broken',
      (client) => rejection(client.messages.stream(PARAMS).untilDone()),
      [fault.reset({ phase: 'text' })],
    ],
  ];
  async function breakOut(client: Anthropic): Promise<never> {
    const stream = client.messages.stream(PARAMS);
    for await (const event of stream) if (event.type === 'content_block_delta') break;
    throw new Error('left');
  }
  it.each(CASES)('%s', async (ending, use, faults) => {
    const replies = () => reply.faulty(reply.text('on and on '.repeat(300)), ...faults);
    const direct = createEmulator({ replies });
    await use(new Anthropic({ fetch: direct.fetch, apiKey: 'test', maxRetries: 0 }));
    expect(await direct.requests[0]?.ended).toBe(ending);
    const served = createEmulator({
      replies,
      pace: ending === 'left' ? { tokensPerSecond: 1000 } : {},
    });
    await using server = await serve(served);
    await use(new Anthropic({ baseURL: server.url, apiKey: 'test', maxRetries: 0 }));
    expect(await served.requests[0]?.ended).toBe(ending);
    expect(served.requests[0]?.ending).toBe(ending);
  });
});

describe('useEmulator', () => {
  const api = useEmulator({ beforeEach, afterEach }, { replies: [reply.text('begin')] });
  const ask = async () =>
    (
      await new Anthropic({ baseURL: api.url, apiKey: 'test', maxRetries: 0 }).messages.create(
        PARAMS,
      )
    ).content;

  it.each([1, 2])('starts each test with a new emulator', async () => {
    expect(api.emulator.requests).toEqual([]);
    expect(await ask()).toEqual([{ type: 'text', text: 'begin' }]);
    expect(api.emulator.requests).toHaveLength(1);
  });

  it('uses the script of a test', async () => {
    api.script([reply.text('mine')]);
    expect(await ask()).toEqual([{ type: 'text', text: 'mine' }]);
  });

  it('closes its server, and reports unused replies', async () => {
    let begin = async (): Promise<void> => {};
    let end = begin;
    const used = useEmulator(
      { beforeEach: (run) => (begin = run), afterEach: (run) => (end = run) },
      { replies: [reply.text('left over')], assertDone: true },
    );
    expect(() => used.url).toThrow('use the server of useEmulator() inside a test');
    await begin();
    const { url } = used;
    await expect(end()).rejects.toThrow('1: text "left over"');
    await expect(fetch(url)).rejects.toBeInstanceOf(TypeError);
  });
});
