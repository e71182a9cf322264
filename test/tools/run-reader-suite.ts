import { expect, it } from 'vitest';
import type { MessageStream, RunnerEvent } from '../../src/index.js';
import { type Replies, reply } from '../../src/testing/index.js';
import { all, failure, idle } from '../stream/support.js';
import { askFor, CITY, PARAMS, type World, weatherTool } from './support.js';

type Api = Pick<typeof import('../../src/index.js'), 'APIUserAbortError' | 'tool'>;

export const REPLIES = [
  reply.sequence(reply.text('Let me look. '), askFor('Oslo', 'a'), askFor('Rome', 'b')),
  reply.text('Sunny in both.'),
];
const TEXT = 'Let me look. Sunny in both.';

/** An event in a word. */
export function brief(event: RunnerEvent): string {
  if (event.type === 'tool_update') return `update ${event.toolUse.id} ${event.update}`;
  if (event.type === 'tool_start') return `start ${event.toolUse.id}`;
  if (event.type === 'tool_result') return `result ${event.toolUse.id} ${event.result.content}`;
  return event.type;
}

export const isCall = (event: string): boolean => /^(start|update|result) /.test(event);

/** What the readers of a run get, from either client. */
export function runReaderSuite(
  { APIUserAbortError, tool }: Api,
  open: (replies: Replies) => Promise<World>,
  isBlocking = false,
): void {
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
    const read = async (): Promise<unknown> => streams[1]?.getFinalMessage();
    expect(await failure(read())).toBeInstanceOf(APIUserAbortError);
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
      run({ city }, { emit, toolUse }) {
        const result = `Rain (${toolUse.name})`;
        emit(`asking for ${city}`);
        late = emit;
        const finish = (): string => {
          emit(50);
          return result;
        };
        return isBlocking ? finish() : Promise.resolve().then(finish);
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
}
