import { describe, expect, it } from 'vitest';
import { accumulate } from '../../src/message/accumulate.js';
import { END, type Entry } from '../../src/relay/engine.js';
import { reply } from '../../src/testing/index.js';
import type { RawMessageStreamEvent } from '../../src/wire/events.js';
import type { Seen } from './members.js';
import { hasRedis } from './redis-server.js';
import { openSetting, paramsStallingAfter, type Setting, stalling } from './setting.js';

// Acceptance tests 2 and 6 of the relay: another process finishes what one has begun.

const MESSAGE = reply.sequence(
  reply.thinking('Let me think about this for a moment, step by step.'),
  reply.text('First I look it up. '),
  reply.serverTool('web_search', { query: 'fish' }, []),
  reply.text('It says that there are one fish, two fish, red fish and blue fish.'),
  reply.toolUse('count', { fish: ['one', 'two', 'red', 'blue'] }),
);
const TEXT =
  'First I look it up. It says that there are one fish, two fish, red fish and blue fish.';

async function eventsOf({ engine }: Setting, id: string): Promise<RawMessageStreamEvent[]> {
  const entries = await engine.read(id, undefined, 10_000);
  return entries
    .filter(
      ({ seq, payload }: Entry) => seq > 0 && seq !== END.seq && !payload.startsWith('{"note"'),
    )
    .map(({ payload }) => JSON.parse(payload));
}

/**
 * Resolves once the logs of streams have not grown for a while: their requests stall.
 * @param least how many entries they have at least: a slow machine may not have begun.
 */
async function settled(setting: Setting, ids: readonly string[], least = 0): Promise<void> {
  for (let before = -1; ; ) {
    const lengths = await Promise.all(
      ids.map(async (id) => (await setting.engine.read(id, undefined, 10_000)).length),
    );
    const sum = lengths.reduce((a, b) => a + b, 0);
    if (sum === before && sum >= least) return;
    before = sum;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

/** A stream that was taken over is whole, or ended with a typed error, and nothing came twice. */
async function check(setting: Setting, id: string, seen: readonly Seen[]): Promise<boolean> {
  const events = await eventsOf(setting, id);
  const count = (type: string): number => events.filter((event) => event.type === type).length;
  expect(count('message_start')).toBeLessThanOrEqual(1);
  for (const reader of seen) {
    expect(reader.events.filter((type) => type === 'message_start').length).toBeLessThanOrEqual(1);
    expect(reader.content).toEqual(seen[0]?.content);
    if (reader.error !== undefined) expect(reader.error.name).toBe('ProducerLostError');
  }
  if (seen[0]?.error !== undefined) return false;
  expect(count('message_stop')).toBe(1);
  const text = (blocks: readonly { type: string; text?: string }[]): string =>
    blocks.map((block) => (block.type === 'text' ? block.text : '')).join('');
  if (count('millrace.restart') === 0) {
    const { content } = accumulate(events) as { content: { type: string; text?: string }[] };
    expect(text(content)).toBe(TEXT);
  }
  for (const reader of seen) {
    expect(text(reader.content ?? [])).toBe(TEXT);
    expect(reader.stop_reason).toBe('tool_use');
  }
  return true;
}

describe.runIf(hasRedis)('a stream whose producer is killed', () => {
  it('is whole for every follower, at each of 40 boundaries, with two rivals', async () => {
    await using setting = await openSetting({ replies: () => MESSAGE, faults: stalling() });
    const producer = setting.member();
    const rivals = [setting.member(), setting.member()];
    const ids = Array.from({ length: 40 }, (_, n) => `at ${n}`);
    await Promise.all(
      ids.map((id, n) => producer.ask({ do: 'start', id, params: paramsStallingAfter(n) })),
    );
    const readers = ids.map((id) =>
      Promise.all(rivals.map((rival) => rival.ask<Seen>({ do: 'follow', id }))),
    );
    await settled(setting, ids);
    await producer.kill();
    let whole = 0;
    for (const [n, id] of ids.entries()) {
      if (await check(setting, id, await (readers[n] as (typeof readers)[0]))) whole++;
    }
    // A call of a tool can't be continued: those that broke in it end with the error.
    expect(whole).toBeGreaterThan(25);
    expect(setting.redis.cli('keys', '*params*').trim()).toBe('');
  });

  it('ends for every follower, where no process can take over', async () => {
    await using setting = await openSetting({ faults: stalling() });
    const producer = setting.member();
    const follower = setting.member({ baseURL: undefined });
    await producer.ask({ do: 'start', id: 'a', params: paramsStallingAfter(6) });
    const seen = follower.ask<Seen>({ do: 'follow', id: 'a' });
    await settled(setting, ['a'], 4);
    await producer.kill();
    const { error, text } = await seen;
    expect(error?.name).toBe('ProducerLostError');
    expect(error?.partial).toMatchObject([{ type: 'text', text }]);
    const { error: late } = await follower.ask<Seen>({ do: 'follow', id: 'a' });
    expect(late).toEqual(error);
  });

  it('is continued by another, and left alone by the old one when it wakes', async () => {
    await using setting = await openSetting({ replies: () => MESSAGE, faults: stalling() });
    const producer = setting.member();
    const successor = setting.member();
    await producer.ask({ do: 'start', id: 'a', params: paramsStallingAfter(20) });
    await settled(setting, ['a'], 4);
    await producer.kill('SIGSTOP');
    const seen = await successor.ask<Seen>({ do: 'follow', id: 'a' });
    await producer.kill('SIGCONT');
    expect(await check(setting, 'a', [seen])).toBe(true);
    // Its own reader goes on with what the other has brought.
    const own = await producer.ask<Seen>({ do: 'follow', id: 'a' });
    expect(own.content).toEqual(seen.content);
    expect(await check(setting, 'a', [seen, own])).toBe(true);
    // It has closed its request to the API.
    expect(await setting.emulator.requests[0]?.ended).toBe('left');
  });

  it('is not taken over while its producer beats', async () => {
    await using setting = await openSetting({ faults: stalling() });
    const producer = setting.member({ lease: 300 });
    const follower = setting.member({ lease: 300 });
    await producer.ask({ do: 'start', id: 'a', params: paramsStallingAfter(6) });
    follower.ask({ do: 'follow', id: 'a' }).catch(() => {});
    await settled(setting, ['a'], 4);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    const epochs = (await setting.engine.read('a', undefined, 999)).map(({ epoch }) => epoch);
    expect(Math.max(...epochs)).toBe(1);
  });
});

describe.runIf(hasRedis)('drain', () => {
  it('hands streams over to another process, without a break', async () => {
    await using setting = await openSetting({
      replies: () => MESSAGE,
      pace: { tokensPerSecond: 60 },
    });
    const old = setting.member({ lease: 10_000 });
    const next = setting.member({ lease: 10_000 });
    const ids = Array.from({ length: 10 }, (_, n) => `stream ${n}`);
    await Promise.all(
      ids.map((id) => old.ask({ do: 'start', id, params: paramsStallingAfter(Number.NaN) })),
    );
    const readers = ids.map((id) =>
      Promise.all([old, next].map((it) => it.ask<Seen>({ do: 'follow', id }))),
    );
    await Promise.all(ids.map((id) => next.ask({ do: 'reach', id, length: 20 })));
    await old.ask({ do: 'drain' });
    await expect(old.ask({ do: 'start', id: 'new', params: {} })).rejects.toThrow(/draining/);
    for (const [n, id] of ids.entries()) {
      expect(await check(setting, id, await (readers[n] as (typeof readers)[0]))).toBe(true);
    }
    const epochs = (await setting.engine.read('stream 0', undefined, 999)).map(
      ({ epoch }) => epoch,
    );
    expect(epochs).toContain(2);
  });
});
