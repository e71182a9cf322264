import { describe, expect, it } from 'vitest';
import type { RetryInfo } from '../../src/transport/retry.js';
import { errorEvent, messageStart, sse, textMessage } from '../contract/wire.js';
import { PARAMS, types, until } from '../stream/support.js';
import type { Script } from '../support/raw-server.js';
import { setting } from './setting.js';

const TEXT = 'Hello world';
const WHOLE = textMessage('Hello', ' world');
const requestId = (id: string) => ({ 'request-id': id });
const overloaded = (id: string, headers = {}): Script => ({
  status: 529,
  headers: { ...requestId(id), ...headers },
  body: [JSON.stringify(errorEvent('overloaded_error'))],
});
const whole = (id: string): Script => ({ headers: requestId(id), body: [sse(...WHOLE)] });
const reset: Script = { status: 'none', end: 'reset' };
const erring = (id: string): Script => ({
  headers: requestId(id),
  body: [sse(messageStart({ id: 'msg_of_another_try' }), errorEvent('api_error'))],
});
const silent = (id: string): Script => ({
  headers: requestId(id),
  body: [sse(messageStart({ id: 'msg_of_another_try' }))],
  end: 'hang',
});
const cut = (id: string): Script => ({
  headers: requestId(id),
  body: [sse(...WHOLE.slice(0, 4))],
});

const GAVE_NOTHING = { blocks: 0, characters: 0 };
const ALL_OF_IT = { blocks: 1, characters: TEXT.length };
const failed = (id: string | undefined, name: string, received: object = GAVE_NOTHING): object => ({
  kind: 'request',
  requestId: id,
  outcome: 'failed',
  error: expect.objectContaining({ name }),
  received,
});
const complete = (id: string): object => ({
  kind: 'request',
  requestId: id,
  outcome: 'complete',
  error: undefined,
  received: ALL_OF_IT,
});

/** What the server plays, request by request; the attempts; the delays before each retry. */
const cases: Readonly<
  Record<string, [scripts: Script[], attempts: object[], delays: [least: number, most: number][]]>
> = {
  'a first try that succeeds': [[whole('a')], [complete('a')], []],
  'a status, then an error event': [
    [overloaded('a', { 'retry-after': '7' }), erring('b'), whole('c')],
    [failed('a', 'OverloadedError'), failed('b', 'InternalServerError'), complete('c')],
    [
      [7_000, 7_000],
      [750, 1_000],
    ],
  ],
  'a reset, then silence after message_start': [
    [reset, silent('b'), whole('c')],
    [failed(undefined, 'APIConnectionError'), failed('b', 'APITimeoutError'), complete('c')],
    [
      [375, 500],
      [750, 1_000],
    ],
  ],
  'an hour, capped': [
    [overloaded('a', { 'retry-after': '3600' }), whole('b')],
    [failed('a', 'OverloadedError'), complete('b')],
    [[60_000, 60_000]],
  ],
  'a last try that fails too': [
    [overloaded('a'), overloaded('b'), overloaded('c'), whole('d')],
    ['a', 'b', 'c'].map((id) => failed(id, 'OverloadedError')),
    [
      [375, 500],
      [750, 1_000],
    ],
  ],
  'a retry that breaks after content': [
    [overloaded('a'), cut('b'), whole('c')],
    [
      failed('a', 'OverloadedError'),
      failed('b', 'StreamTruncatedError', { blocks: 1, characters: 5 }),
    ],
    [[375, 500]],
  ],
};

describe('the attempts of a stream', () => {
  it.each(Object.entries(cases))('%s', async (_, [scripts, attempts, delays]) => {
    await using played = await setting(() => scripts);
    const { time, client, server } = played;
    const stream = client.messages.stream(PARAMS);
    expect(stream.attempts).toEqual([]);
    const told: RetryInfo[] = [];
    stream.on('retry', (info) => told.push(info));
    const { seen, error } = await time.pass(until(stream));

    expect(stream.attempts).toEqual(attempts);
    expect(server.exchanges).toHaveLength(attempts.length);
    expect(told.map(({ attempt }) => attempt)).toEqual(delays.map((_, n) => n + 1));
    expect(told.map(({ error }) => error)).toEqual(
      stream.attempts.slice(0, delays.length).map(({ error }) => error),
    );
    for (const [n, [least, most]] of delays.entries()) {
      expect(told[n]?.delay).toBeGreaterThanOrEqual(least);
      expect(told[n]?.delay).toBeLessThanOrEqual(most);
    }
    expect(error).toBe(stream.attempts.at(-1)?.error);
    const starts = seen.filter((event) => event.type === 'message_start');
    expect(starts.map(({ message }) => message.id)).toEqual(seen.length > 0 ? ['msg_1'] : []);
    if (error === undefined) {
      expect(types(seen)).toEqual(types(WHOLE).filter((type) => type !== 'ping'));
    }
  });

  it('show the one that is under way', async () => {
    await using played = await setting(() => [
      overloaded('a', { 'retry-after': '7' }),
      { ...cut('b'), end: 'hang' },
    ]);
    const { time, client } = played;
    const stream = client.messages.stream(PARAMS);
    const reading = until(stream);
    await time.quiet();
    expect(stream.attempts).toEqual([failed('a', 'OverloadedError')]);
    await time.pass(time.sleep(7_000));
    expect(stream.attempts).toEqual([
      failed('a', 'OverloadedError'),
      {
        kind: 'request',
        requestId: 'b',
        outcome: 'open',
        error: undefined,
        received: { blocks: 1, characters: 5 },
      },
    ]);
    stream.close();
    await reading;
    expect(stream.attempts.at(-1)).toMatchObject({
      outcome: 'failed',
      error: { name: 'APIUserAbortError' },
    });
  });
});
