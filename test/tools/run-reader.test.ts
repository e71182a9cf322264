import { describe, expect, it } from 'vitest';
import {
  APIUserAbortError,
  type Message,
  type MessageStream,
  type RunnerEvent,
  tool,
} from '../../src/index.js';
import { reply } from '../../src/testing/index.js';
import { messageStart, textBlock, toolBlock } from '../contract/wire.js';
import { all, failure, idle, rest } from '../stream/support.js';
import { listenerCount } from '../support/listener-count.js';
import { askFor, byHand, CITY, PARAMS, WORLDS, weatherTool } from './support.js';

const REPLIES = [
  reply.sequence(reply.text('Let me look. '), askFor('Oslo', 'a'), askFor('Rome', 'b')),
  reply.text('Sunny in both.'),
];
const TEXT = 'Let me look. Sunny in both.';

/** An event in a word. */
function brief(event: RunnerEvent): string {
  if (event.type === 'tool_update') return `update ${event.toolUse.id} ${event.update}`;
  if (event.type === 'tool_start') return `start ${event.toolUse.id}`;
  if (event.type === 'tool_result') return `result ${event.toolUse.id} ${event.result.content}`;
  return event.type;
}

const isCall = (event: string): boolean => /^(start|update|result) /.test(event);

describe.each(WORLDS)('a runner %s', (_, open) => {
  const params = { ...PARAMS, tools: [weatherTool()] };

  it('gives the stream of each turn, to be read in any way', async () => {
    await using world = await open(REPLIES);
    const texts: string[] = [];
    for await (const stream of world.client.messages.toolRunner(params)) {
      texts.push(await stream.getFinalText());
      expect((await all(stream)).at(-1)?.type).toBe('message_stop');
    }
    expect(texts).toEqual(['Let me look. ', 'Sunny in both.']);
  });

  it('reads itself what is left, and opens a turn on demand', async () => {
    await using world = await open(REPLIES);
    const runner = world.client.messages.toolRunner(params);
    const turns = runner[Symbol.asyncIterator]();
    await turns.next();
    await idle();
    expect(world.bodies).toHaveLength(0);
    const { value } = await turns.next();
    expect(world.bodies).toHaveLength(1);
    expect(value?.currentMessageSnapshot).toBeUndefined();
    expect(await turns.next()).toEqual({ done: true, value: undefined });
    expect(value?.currentMessageSnapshot?.stop_reason).toBe('end_turn');
  });

  it('gives the text across turns, to any reader at any time', async () => {
    await using world = await open(REPLIES);
    const runner = world.client.messages.toolRunner(params);
    const texts = await Promise.all([all(runner.textStream), all(runner.textStream)]);
    texts.push(await all(runner.textStream));
    expect(texts.map((pieces) => pieces.join(''))).toEqual([TEXT, TEXT, TEXT]);
    expect(world.bodies).toHaveLength(2);
  });

  it('goes on where the reader of a turn leaves that, and ends where one leaves the run', async () => {
    await using world = await open(REPLIES);
    const runner = world.client.messages.toolRunner(params);
    const streams: MessageStream[] = [];
    for await (const stream of runner) {
      streams.push(stream);
      for await (const _ of stream) break;
      if (streams.length === 2) break;
    }
    expect(streams[0]?.currentMessageSnapshot?.stop_reason).toBe('tool_use');
    expect(await failure(streams[1]?.getFinalMessage() as Promise<Message>)).toBeInstanceOf(
      APIUserAbortError,
    );
    expect(await failure(runner.getFinalMessage())).toMatchObject({
      name: 'APIUserAbortError',
      reason: 'the reader left the run before its end',
    });
  });

  it('does not end as long as there is a reader', async () => {
    await using world = await open(REPLIES);
    const runner = world.client.messages.toolRunner(params);
    const text = all(runner.textStream);
    for await (const _ of runner) break;
    for await (const _ of runner.events) break;
    expect((await text).join('')).toBe(TEXT);
    for await (const _ of runner) break;
    expect((await runner.getFinalMessage()).stop_reason).toBe('end_turn');
  });

  it.each([false, true])('tells of the calls as they happen (eager %s)', async (eager) => {
    let late = (_: unknown): void => {};
    const rain = tool({
      name: 'get_weather',
      input: CITY,
      async run({ city }, { emit, toolUse }) {
        emit(`asking for ${city}`);
        await undefined;
        emit(50);
        late = emit;
        return `Rain (${toolUse.name})`;
      },
    });
    await using world = await open(REPLIES);
    const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [rain] }, { eager });
    const events = (await all(runner.events)).map(brief);
    late('too late');
    for (const [id, city] of [
      ['a', 'Oslo'],
      ['b', 'Rome'],
    ]) {
      expect(events.filter((event) => isCall(event) && event.split(' ')[1] === id)).toEqual([
        `start ${id}`,
        `update ${id} asking for ${city}`,
        `update ${id} 50`,
        `result ${id} Rain (get_weather)`,
      ]);
    }
    const turn = ['message_start', 'message_delta', 'message_stop'];
    expect(events.filter((event) => turn.includes(event))).toEqual([...turn, ...turn]);
    const second = events.lastIndexOf('message_start');
    expect(events.findLastIndex(isCall)).toBeLessThan(second);
    if (!eager) expect(events.findIndex(isCall)).toBeGreaterThan(events.indexOf('message_stop'));
    // One that comes late gets the same, what the streams say merged.
    const again = (await all(runner.events)).map(brief);
    expect(again.filter(isCall)).toEqual(events.filter(isCall));
    expect(again.findIndex(isCall)).toBe(again.indexOf('message_stop') + 1);
  });

  it('tells of a call that was not made by its result alone', async () => {
    await using world = await open([askFor(7, 'a'), reply.text('Done.')]);
    const events = (await all(world.client.messages.toolRunner(params).events)).map(brief);
    expect(events.filter(isCall)).toEqual([expect.stringMatching(/^result a The input does not/)]);
  });
});

it('sends nothing before it is read, and rejects nothing', async () => {
  const { client, held } = byHand();
  const signal = AbortSignal.abort(new Error('before'));
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] }, { signal });
  runner.close();
  runner.close();
  const unread = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  expect(unread.messages).toEqual(PARAMS.messages);
  await idle();
  expect(held()).toEqual([]);
});

it('a failure that is not awaited stays quiet, and is there for a late caller', async () => {
  const { client, request } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  void runner.getFinalMessage();
  void runner[Symbol.asyncIterator]().next();
  void runner.events[Symbol.asyncIterator]().next();
  void runner.textStream[Symbol.asyncIterator]().next();
  (await request()).break();
  await idle();
  expect(await failure(runner.getFinalMessage())).toMatchObject({ name: 'APIConnectionError' });
});

it('a reader that leaves does not wait for what it waited for', async () => {
  const { client, request, held } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  const reader = runner.events[Symbol.asyncIterator]();
  const asked = reader.next();
  await request();
  expect(await reader.return?.()).toEqual({ done: true, value: undefined });
  expect(await asked).toEqual({ done: true, value: undefined });
  expect(await reader.next()).toEqual({ done: true, value: undefined });
  expect(held()[0]?.signal.aborted).toBe(true);
});

it('the slowest reader sets no pace, the fastest does: the others find all that there was', async () => {
  const { client, request } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  const slow = runner.events[Symbol.asyncIterator]();
  const begun = slow.next();
  const final = runner.getFinalMessage();
  const first = await request();
  first.feed(messageStart(), ...textBlock(0, 'a', 'b', 'c'), ...toolBlock(1, '{"city": "Oslo"}'));
  first.finish('tool_use');
  const second = await request(1);
  second.feed(messageStart(), ...textBlock(0, 'd'));
  second.finish();
  await final;
  const events = [(await begun).value, ...(await rest(slow))] as RunnerEvent[];
  const texts = events.flatMap((event) =>
    event.type === 'content_block_delta' && event.delta.type === 'text_delta'
      ? event.delta.text
      : [],
  );
  expect(texts).toEqual(['abc', 'd']);
  expect(events.map(brief).filter(isCall)).toEqual([
    'start toolu_1',
    'result toolu_1 Sunny in Oslo',
  ]);
});

it('close() after the end does nothing', async () => {
  await using world = await WORLDS[0][1](REPLIES);
  const signals: AbortSignal[] = [];
  const noting = tool({
    name: 'get_weather',
    input: CITY,
    run: (_, { signal }) => void signals.push(signal),
  });
  const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [noting] });
  const message = await runner.getFinalMessage();
  await runner[Symbol.asyncDispose]();
  expect(await runner.getFinalMessage()).toBe(message);
  expect(await all(runner)).toHaveLength(2);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
});

it('does not end where one who wants the whole waits, and a reader leaves', async () => {
  await using world = await WORLDS[0][1](REPLIES);
  const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  const final = runner.getFinalMessage();
  for await (const _ of runner.events) break;
  expect((await final).stop_reason).toBe('end_turn');
});

it('a reader that left gets nothing of what comes for the others, and waits for nothing', async () => {
  const { client, request } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  const others = all(runner.events);
  const reader = runner.events[Symbol.asyncIterator]();
  const asked = [reader.next(), reader.next()];
  const held = await request();
  await reader.return?.();
  expect(await Promise.all(asked)).toEqual(asked.map(() => ({ done: true, value: undefined })));
  held.feed(messageStart());
  held.finish();
  expect(await others).toHaveLength(3);
  expect(await reader.next()).toEqual({ done: true, value: undefined });
});

it('takes no update from a call that has its result, though another still runs', async () => {
  await using world = await WORLDS[0][1](REPLIES);
  const emits: ((update: unknown) => void)[] = [];
  const noting = tool({
    name: 'get_weather',
    input: CITY,
    async run(_, { emit }) {
      if (emits.push(emit) === 1) return;
      await idle();
      for (const [n, emit] of emits.entries()) emit(n);
    },
  });
  const runner = world.client.messages.toolRunner({ ...PARAMS, tools: [noting] });
  const events = (await all(runner.events)).map(brief);
  expect(events.filter((event) => event.startsWith('update'))).toEqual(['update b 1']);
});

it('closing the stream of a turn ends the run', async () => {
  const { client } = byHand();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] });
  const error = failure(
    (async () => {
      for await (const stream of runner) stream.close();
    })(),
  );
  expect(await error).toMatchObject({ name: 'APIUserAbortError', reason: 'the stream was closed' });
});

it.each(['ends', 'fails', 'is closed'])('listens to its signal until it %s', async (how) => {
  const { client, request } = byHand();
  const { signal } = new AbortController();
  const runner = client.messages.toolRunner({ ...PARAMS, tools: [weatherTool()] }, { signal });
  expect(listenerCount(signal)).toBe(0);
  const final = runner.getFinalMessage().catch(() => {});
  const held = await request();
  held.feed(messageStart());
  expect(listenerCount(signal)).toBe(1);
  if (how === 'ends') held.finish();
  else if (how === 'fails') held.break();
  else runner.close();
  await final;
  expect(listenerCount(signal)).toBe(0);
});
